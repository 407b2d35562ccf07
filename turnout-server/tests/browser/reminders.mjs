// A voter asks to be reminded of elections: from the start to the thanks, in English and Spanish, with mistakes, with the
// keyboard alone, without JavaScript, on a narrow phone, in the dark, and under a subscriber.
import { tabbed } from "./keyboard.mjs";
import { fill, sound, told } from "./register.mjs";

const PAGE = "/election-reminders/";
const VOTER = {
    first_name: "Łucja",
    last_name: "Nguyễn-O'Brien",
    zipcode: "93701",
    email: "lucja@example.org",
};

async function send(page) {
    await Promise.all([page.waitForEvent("load"), page.locator("button.primary").click()]);
}

async function inWords(rig, { language, link, heading, mistakes, thanks }) {
    const page = await rig.open("/?utm_source=browser", { language });
    await page.getByRole("link", { name: link }).click();
    await rig.equal(`${language}: the start leads to it`, await page.locator("h1").textContent(), heading);
    await rig.check("where the voter came from is kept", page.url().includes("utm_source=browser"), page.url());
    await sound(rig, page, `${language}: the form`);
    await rig.shots(page, `reminders-${language}`);
    await tabbed(rig, page, `${language}: the form`);

    await fill(page, { ...VOTER, zipcode: "937", email: "lucja", phone: "12", birth_month: "2", birth_day: "30", birth_year: "1990" });
    await send(page);
    await told(rig, page, language, mistakes, ["#state", "#zipcode", "#email", "#phone", "#birth_month"]);
    await rig.equal("what was entered is kept", await page.locator("#last_name").inputValue(), VOTER.last_name);
    await sound(rig, page, `${language}: the mistakes`);
    await rig.shots(page, `reminders-mistakes-${language}`);
    await tabbed(rig, page, `${language}: the mistakes`);

    await fill(page, { zipcode: VOTER.zipcode, email: VOTER.email, phone: "617-555-7890", birth_day: "3" });
    await page.locator("#state").selectOption("CA");
    await page.locator("input[type=checkbox]").check();
    await send(page);
    await rig.equal(`${language}: thanks`, await page.locator("h1").textContent(), thanks);
    await rig.check("nothing of the voter is in its address", !/ucja|example|93701/.test(page.url()), page.url());
    await sound(rig, page, `${language}: the thanks`);
    await rig.shots(page, `reminders-thanks-${language}`);
    await tabbed(rig, page, `${language}: the thanks`);
    await page.locator(".back a").click();
    await rig.equal("the next person finds an empty form", await page.locator("#first_name").inputValue(), "");
}

async function byKeyboard(rig) {
    const page = await rig.open(PAGE);
    const press = (key) => page.keyboard.press(key);
    const todo = { ...VOTER, state: "California" };
    for (let stops = 0; Object.keys(todo).length > 0 && stops < 40; stops += 1) {
        await press("Tab");
        const id = await page.evaluate(() => document.activeElement.id);
        if (todo[id]) await page.keyboard.type(todo[id]);
        delete todo[id];
    }
    await rig.equal("every field that is needed was reached by Tab", Object.keys(todo), []);
    await Promise.all([page.waitForEvent("load"), press("Enter")]);
    await rig.equal("the keyboard alone signs up", await page.locator("h1").textContent(), "You are signed up");
}

/** What was typed stays when the language changes, and the box is never ticked by itself. */
async function withoutScripts(rig) {
    const page = await rig.open(`${PAGE}?lang=en&subscriber=public`, { javascript: false, phone: true, dark: true });
    await rig.equal("the box is not ticked", await page.locator("input[type=checkbox]:checked").count(), 0);
    await fill(page, VOTER);
    await page.locator("#state").selectOption("TX");
    await Promise.all([page.waitForEvent("load"), page.locator(".languages button").click()]);
    await rig.equal("the language can be changed", await page.locator("html").getAttribute("lang"), "es");
    await rig.equal("with what was typed", await page.locator("#email").inputValue(), VOTER.email);
    await rig.equal("and chosen", await page.locator("#state").inputValue(), "TX");
    await rig.equal("it tells no mistakes", await page.locator(".mistakes, .error").count(), 0);
    await send(page);
    await rig.equal("without scripts one signs up", await page.locator("h1").textContent(), "Su solicitud está registrada");
    await rig.check("still the subscriber's", page.url().includes("subscriber=public"), page.url());
}

export default async function reminders(rig) {
    await inWords(rig, {
        language: "en-US",
        link: "Get election reminders",
        heading: "Election reminders",
        mistakes: "5 things",
        thanks: "You are signed up",
    });
    await inWords(rig, {
        language: "es-MX",
        link: "Reciba recordatorios de elecciones",
        heading: "Recordatorios de elecciones",
        mistakes: "5 cosas",
        thanks: "Su solicitud está registrada",
    });
    await byKeyboard(rig);
    await withoutScripts(rig);
}
