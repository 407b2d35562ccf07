// A page by the keyboard alone: the Tab key reaches all that can be used, shows where it is, and begins with the way past the menu.

/** Everything that the Tab key has to reach. Of radio buttons that belong together it reaches one. */
const USABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [tabindex='0']";

export async function tabbed(rig, page, name) {
    const all = await page.evaluate((usable) => {
        const groups = new Set();
        const isThere = (it) => {
            if (it.disabled || it.tabIndex < 0 || !it.checkVisibility({ visibilityProperty: true })) return false;
            if (it.type !== "radio") return true;
            const group = `${it.form?.action} ${it.name}`;
            return !groups.has(group) && Boolean(groups.add(group));
        };
        const there = [...document.querySelectorAll(usable)].filter(isThere);
        there.forEach((it, number) => { it.dataset.tabbed = it.type === "radio" ? `${it.form?.action} ${it.name}` : String(number); });
        document.querySelectorAll("input[type=radio]").forEach((it) => { it.dataset.tabbed = `${it.form?.action} ${it.name}`; });
        // the next Tab begins at the top, wherever the page has put the focus
        document.body.tabIndex = -1;
        document.body.focus();
        document.body.removeAttribute("tabindex");
        return there.map((it) => it.dataset.tabbed);
    }, USABLE);
    const reached = new Set();
    const dim = [];
    let first;
    for (let step = 0; step <= 4 * all.length; step += 1) {
        await page.keyboard.press("Tab");
        const at = await page.evaluate(() => {
            const it = document.activeElement;
            if (!it || it === document.body) return undefined;
            const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(it);
            // what is in a frame shows the focus itself
            const isShown = it.tagName === "IFRAME" || (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
            return { key: it.dataset.tabbed, isShown, href: it.getAttribute("href"), text: it.outerHTML.slice(0, 80) };
        });
        // between the last and the first, or in a frame that is not there yet
        if (!at) continue;
        first ??= at;
        if (reached.has(at.key) && at.key === first.key && step > 0) break;
        reached.add(at.key);
        if (!at.isShown) dim.push(at.text);
    }
    const missed = all.filter((key) => !reached.has(key));
    await rig.equal(`${name}: the Tab key reaches everything`, missed, []);
    await rig.equal(`${name}: one sees where the focus is`, dim, []);
    await rig.check(`${name}: first comes the way past the menu`, first?.href?.startsWith("#"), first?.text);
}
