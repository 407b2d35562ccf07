// The description of the API, to read.
import { sound } from "./register.mjs";

export default async function api(rig) {
    const page = await rig.open("/docs/api/");
    await sound(rig, page, "the description");
    await rig.shots(page, "api");
    const ids = await page.locator("[id]").evaluateAll((all) => all.map((it) => it.id));
    await rig.equal("no two parts have one name", ids.length, new Set(ids).size);
    const links = await page.locator('main a[href^="#"]').evaluateAll((all) => all.map((it) => it.getAttribute("href").slice(1)));
    await rig.check("its links are many", links.length > 60, String(links.length));
    await rig.equal("each leads to a part of it", links.filter((it) => !ids.includes(decodeURIComponent(it))), []);
    const described = await (await page.request.get(`${rig.base}/v1/openapi.json`)).json();
    const count = Object.values(described.paths).reduce((sum, methods) => sum + Object.keys(methods).length, 0);
    await rig.equal("every operation is there", await page.locator("article.card table caption", { hasText: /^Answers$/ }).count(), count);
    await page.locator("nav[aria-labelledby=contents] a[href='#createRegistration']").click();
    await rig.check("a link leads there", () => page.locator("#createRegistration").evaluate((it) => {
        const { top } = it.getBoundingClientRect();
        return top >= 0 && top < 200;
    }));
    const spanish = await rig.open("/docs/api/?lang=es", { javascript: false, phone: true, dark: true });
    await rig.equal("around it the page speaks Spanish", await spanish.locator("html").getAttribute("lang"), "es");
    await rig.equal("the description says that it is English", await spanish.locator(".api").getAttribute("lang"), "en");
}
