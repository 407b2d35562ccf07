// A voter's way: choose a state, make mistakes, mend them, get the form. In English and Spanish, with the keyboard
// alone, without JavaScript, on a narrow phone, at 200 % zoom, in the dark and on paper.
import { readFile } from "node:fs/promises";

const NUMBER = "QX471199";
const VOTER = {
    first_name: "Łucja",
    last_name: "Nguyễn-O'Brien",
    birth_month: "6",
    birth_day: "19",
    birth_year: "1990",
    address1: "1 Main St",
    city: "Fresno",
    zipcode: "93701",
    email: "lucja@example.org",
    state_id_number: NUMBER,
};
const BEGUN = {
    first_name: "Lucja",
    last_name: "Nowak",
    address1: "1 Main St",
    city: "Lima",
    state: "OH",
    zipcode: "45801",
    date_of_birth: "1990-06-19",
    email: "begun@example.org",
};
const CARES = ["us_citizen", "is_18_or_over"];

export async function fill(page, values) {
    for (const [name, value] of Object.entries(values)) await page.locator(`#${name}`).fill(value);
}

async function narrow(rig, page, name) {
    const before = page.viewportSize();
    await page.setViewportSize({ width: 320, height: 640 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    await rig.check(`${name} fits into 320 pixels`, wide <= 320, `${wide} pixels`);
    await page.setViewportSize(before);
}

/** axe in both palettes, and a narrow window. */
export async function sound(rig, page, name) {
    for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await rig.accessible(page, `${name} (${colorScheme})`);
    }
    await page.emulateMedia({ colorScheme: null });
    await narrow(rig, page, name);
}

/** The mistakes of a form that was sent: counted, in the focus, each with a link to its field, which names it. */
export async function told(rig, page, language, counted, targets) {
    await rig.check(`${language}: mistakes are counted`, async () => (await page.locator(".mistakes h2").textContent()).includes(counted));
    await rig.check("the summary has the focus", () => page.evaluate(() => document.activeElement.classList.contains("mistakes")));
    const links = await page.locator(".mistakes a").evaluateAll((all) => all.map((it) => it.getAttribute("href")));
    await rig.equal("each mistake leads to its field", links, targets);
    for (const target of targets) {
        const described = await page.locator(target).getAttribute("aria-describedby");
        const name = target.startsWith("#birth_") ? "date_of_birth" : target.slice(1);
        await rig.check(`${name} names its mistake`, described?.includes(`${name}-error`), described);
    }
}

async function isPdf(path) {
    return (await readFile(path, "latin1")).startsWith("%PDF-");
}

async function inWords(rig, words) {
    const { language, start, heading, mistakes, done, download } = words;
    const page = await rig.open("/", { language });
    await rig.equal(`${language}: the start speaks it`, await page.locator("h1").textContent(), start);
    await sound(rig, page, `${language}: the start`);
    await rig.shots(page, `start-${language}`);
    await page.locator("#state").selectOption("CA");
    await page.locator("button.primary").click();
    await rig.equal(`${language}: the state's page`, await page.locator("h1").textContent(), heading);
    await rig.check("the facts have their source", async () => (await page.locator(".facts .source").textContent()).includes("vote.gov"));
    await sound(rig, page, `${language}: the form`);
    await rig.shots(page, `form-${language}`);

    await fill(page, { ...VOTER, zipcode: "937", birth_day: "31", email: "lucja" });
    await page.locator("button.primary").click();
    await told(rig, page, language, mistakes, ["#birth_month", "#zipcode", "#email", "#us_citizen", "#is_18_or_over"]);
    await rig.equal("what was entered is kept", await page.locator("#first_name").inputValue(), VOTER.first_name);
    await rig.equal("the number is not", await page.locator("#state_id_number").inputValue(), "");
    await rig.check("nor is it in the page", async () => !(await page.content()).includes(NUMBER));
    await sound(rig, page, `${language}: the mistakes`);
    await rig.shots(page, `mistakes-${language}`);

    await page.locator('.mistakes a[href="#zipcode"]').click();
    await rig.check("a mistake's link leads into its field", () => page.evaluate(() => document.activeElement.id === "zipcode"));
    await fill(page, { zipcode: VOTER.zipcode, birth_day: VOTER.birth_day, email: VOTER.email, state_id_number: NUMBER });
    for (const name of CARES) await page.locator(`#${name}`).check();
    await page.locator("button.primary").click();
    await rig.equal(`${language}: the result`, await page.locator("h1").textContent(), done);
    await sound(rig, page, `${language}: the result`);
    await rig.shots(page, `result-${language}`);
    const saved = await rig.download(page, () => page.getByRole("link", { name: download }).click());
    await rig.check("the download is a PDF", () => isPdf(saved.path));
    await rig.check("under a plain name", /^ca-[a-z-]+-registrationform\.pdf$/.test(saved.name), saved.name);
    return page;
}

async function byKeyboard(rig) {
    const page = await rig.open("/");
    const press = (key) => page.keyboard.press(key);
    const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.tagName);
    await press("Tab");
    await rig.check("the first stop skips to the main part", () => page.evaluate(() => document.activeElement.classList.contains("skip")));
    await press("Enter");
    await press("Tab");
    await rig.equal("then the list of states", await focused(), "state");
    await page.keyboard.type("Ohio");
    await press("Tab");
    await press("Enter");
    await page.waitForURL("**/register/OH/**");
    const values = { ...VOTER, city: "Lima", zipcode: "45801" };
    const todo = new Set([...Object.keys(values), ...CARES]);
    for (let stops = 0; todo.size > 0 && stops < 80; stops += 1) {
        await press("Tab");
        const id = await focused();
        if (!todo.delete(id)) continue;
        if (CARES.includes(id)) await press("Space");
        else await page.keyboard.type(values[id]);
    }
    await rig.equal("every field that is needed was reached by Tab", [...todo], []);
    await press("Tab");
    await press("Enter");
    await page.waitForURL("**/done/**");
    await rig.equal("the keyboard alone gets the form", await page.locator("h1").textContent(), "Your form is ready");
    await page.keyboard.press("Tab");
    for (let stops = 0; stops < 8 && !(await page.evaluate(() => document.activeElement.matches("a.button"))); stops += 1) await press("Tab");
    const saved = await rig.download(page, () => press("Enter"));
    await rig.check("and downloads it", () => isPdf(saved.path));
}

async function withoutScripts(rig) {
    const page = await rig.open("/?lang=en", { javascript: false, phone: true, dark: true });
    await page.locator("#state").selectOption("FL");
    await page.locator("button.primary").click();
    await rig.equal("Florida asks for race", await page.locator("#race_ethnicity").count(), 1);
    await page.locator("summary").first().click();
    await page.locator("#previous_last_name").fill("Before");
    await fill(page, { ...VOTER, city: "Miami", zipcode: "33101" });
    await page.locator("button.primary").click();
    await rig.equal("without scripts mistakes are told", await page.locator(".mistakes a").count(), 2);
    await rig.equal("what was unfolded stays open", await page.locator("details[open]").count(), 1);
    await page.locator("#state_id_number").fill(NUMBER);
    for (const name of CARES) await page.locator(`#${name}`).check();
    await page.locator("button.primary").click();
    await rig.equal("without scripts the form is made", await page.locator("h1").textContent(), "Your form is ready");
    const saved = await rig.download(page, () => page.locator("a.button").click());
    await rig.check("without scripts it downloads", () => isPdf(saved.path));
}

async function elsewhere(rig) {
    const page = await rig.open("/register/WY/");
    await rig.equal("a state off the list has no form", await page.locator("form").count(), 0);
    await rig.shots(page, "refused");
    const begun = await page.request.post(`${rig.base}/v1/registration/register/?incomplete=true`, { data: BEGUN });
    const { uuid } = await begun.json();
    const paths = [
        "/?state=ZZ",
        "/register/WY/",
        "/register/PR/",
        "/download/?id=497c340e-5f38-44a1-917e-81cbc55ea7ab",
        "/download/?sent=1",
        "/download/?none",
        "/download-purged/?purge_days=30",
        `/register-to-vote/resume/?uuid=${uuid}`,
        "/register-to-vote/resume/?token=x",
        "/nowhere/?",
        "/dev/outbox/?",
    ];
    for (const path of paths) {
        for (const language of ["en", "es"]) {
            const name = `${path}${path.includes("?") ? "&" : "?"}lang=${language}`.replace("?&", "?");
            await page.goto(rig.base + name);
            await rig.equal(`${name} speaks it`, await page.locator("html").getAttribute("lang"), language);
            await sound(rig, page, name);
        }
    }
    await page.goto(`${rig.base}/register-to-vote/resume/?uuid=${uuid}`);
    await rig.check("going on shows nothing of the voter", async () => !(await page.content()).includes("Lucja"));
}

/** With the keyboard and without scripts: what was typed stays when the language changes, the Enter key sends. */
async function inAnotherLanguage(rig) {
    const page = await rig.open("/?utm_source=browser", { javascript: false });
    const language = () => page.locator("html").getAttribute("lang");
    const back = async () => {
        await page.locator(".skip").focus();
        for (let stops = 0; stops < 2; stops += 1) await page.keyboard.press("Tab");
        await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
    };
    await page.locator("#state").selectOption("TX");
    await back();
    await rig.equal("the language can be changed", await language(), "es");
    await rig.equal("what was chosen stays chosen", await page.locator("#state").inputValue(), "TX");
    await page.locator("button.primary").click();
    await rig.equal("the language stays", await language(), "es");
    await page.locator("#first_name").fill("Łucja");
    await page.locator("#zipcode").fill("7");
    await page.locator("#us_citizen").check();
    await page.locator("#state_id_number").fill(NUMBER);
    await back();
    await rig.equal("the form is in the other language", await language(), "en");
    await rig.equal("with what was typed", await page.locator("#first_name").inputValue(), "Łucja");
    await rig.check("and checked", () => page.locator("#us_citizen").isChecked());
    await rig.equal("but not the number", await page.locator("#state_id_number").inputValue(), "");
    await rig.check("and says so", () => page.locator("#state_id_number-note").isVisible());
    await rig.equal("it tells no mistakes", await page.locator(".mistakes, .error").count(), 0);
    await Promise.all([page.waitForEvent("load"), page.locator("#zipcode").press("Enter")]);
    await rig.check("the Enter key sends the form", () => page.locator(".mistakes").isVisible());
    await rig.equal("in the same language", await language(), "en");
    await rig.check("where the voter came from is kept", page.url().includes("utm_source=browser"), page.url());
}

/** 200 % zoom of a window 1280 wide is a window 640 wide; on paper neither navigation nor buttons are shown. */
async function onOtherMedia(rig) {
    const page = await rig.open("/register/NC/");
    await page.setViewportSize({ width: 640, height: 450 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    await rig.check("at 200 % nothing is cut off", wide <= 640, `${wide} pixels`);
    await page.emulateMedia({ media: "print" });
    await rig.check("buttons are not printed", async () => !(await page.locator("button.primary").isVisible()));
    await rig.check("facts are", () => page.locator(".facts").isVisible());
}

async function mails(rig) {
    const page = await rig.open("/dev/outbox/");
    await rig.check("the mails were kept", async () => {
        for (let tries = 0; tries < 60; tries += 1) {
            if ((await page.locator(".mails li").count()) > 0) return true;
            await page.waitForTimeout(250);
            await page.reload();
        }
        return false;
    });
    await sound(rig, page, "the outbox");
    await page.locator(".mails a").first().click();
    await sound(rig, page, "a mail");
    const here = page.url();
    await page.goto(`${here}?lang=es`);
    await sound(rig, page, "a mail in Spanish");
    await page.goto(here);
    await rig.shots(page, "mail");
    const link = page.locator('.links a[href*="/download/"]').first();
    const saved = await rig.download(page, () => link.click());
    await rig.check("the link in the mail downloads the form", () => isPdf(saved.path));
    const answer = await page.request.get(`${rig.base}/dev/outbox.json`);
    await rig.check("the number is in no mail", async () => !(await answer.text()).includes(NUMBER));
}

export default async function register(rig) {
    await inWords(rig, {
        language: "en-US",
        start: "Register to vote",
        heading: "Register to vote in California",
        mistakes: "5 things",
        done: "Your form is ready",
        download: "Download my form (PDF)",
    });
    await inWords(rig, {
        language: "es-MX",
        start: "Regístrese para votar",
        heading: "Regístrese para votar en California",
        mistakes: "5 cosas",
        done: "Su formulario está listo",
        download: "Descargar mi formulario (PDF)",
    });
    await byKeyboard(rig);
    await withoutScripts(rig);
    await inAnotherLanguage(rig);
    await elsewhere(rig);
    await onOtherMedia(rig);
    await mails(rig);
}
