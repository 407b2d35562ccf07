// The rig of the browser tests: one Chromium with a fresh profile, checks that print a line each, axe, screenshots.
//
// A scenario is a module whose default export is `async (rig) => { … }`; `node run.mjs NAME BASE_URL` runs it.
//   rig.base                     the server's address, without a final slash
//   rig.open(path, options)      a page in a context of its own (no cookies, no cache), already at `path`
//   rig.check(name, condition)   one line: ok or FAIL; the condition may be a function, awaited; returns whether it held
//   rig.equal(name, is, should)  the same, and says both values when they differ
//   rig.accessible(page, name)   axe with the WCAG 2.2 A and AA rules; every violation is a failure
//   rig.shots(page, name)        desktop and phone, light and dark, into TURNOUT_SCREENSHOTS (nothing when unset)
//   rig.download(page, action)   runs `action`, returns { name, path } of the file the browser saved
// Whatever a page asks of another host, and every error in its console, is a failure by itself.
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];
const FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
];

export class Rig {
    static async start(base) {
        const rig = new Rig();
        rig.base = base.replace(/\/+$/, "");
        rig.passed = 0;
        rig.failed = 0;
        rig.folder = await mkdtemp(join(tmpdir(), "turnout-browser-"));
        rig.axe = await readFile(require.resolve("axe-core/axe.min.js"), "utf8");
        rig.browser = await chromium.launch({
            executablePath: process.env.TURNOUT_CHROMIUM ?? "/usr/bin/chromium",
            args: FLAGS,
            timeout: 60_000,
        });
        return rig;
    }

    async stop() {
        await this.browser.close();
        await rm(this.folder, { recursive: true, force: true });
    }

    /** Options: `phone`, `dark`, `javascript` (true), `language` ("en-US"). */
    async open(path, { phone = false, dark = false, javascript = true, language = "en-US" } = {}) {
        const context = await this.browser.newContext({
            viewport: phone ? PHONE : DESKTOP,
            isMobile: phone,
            hasTouch: phone,
            colorScheme: dark ? "dark" : "light",
            javaScriptEnabled: javascript,
            locale: language,
            acceptDownloads: true,
        });
        context.setDefaultTimeout(15_000);
        const page = await context.newPage();
        const home = new URL(this.base).host;
        page.on("request", (request) => {
            const url = new URL(request.url());
            if (url.protocol.startsWith("http") && url.host !== home) {
                this.check(`${path} asks no other host`, false, request.url());
            }
        });
        page.on("pageerror", (error) => this.check(`${path} runs without an error`, false, error.message));
        page.on("console", (message) => {
            // Chromium also writes one for a form answered with 400, which is no fault of the page.
            if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
                this.check(`${path} has a quiet console`, false, message.text());
            }
        });
        await page.goto(this.base + path);
        return page;
    }

    async check(name, condition, detail = "") {
        let held = false;
        let why = detail;
        try {
            held = Boolean(typeof condition === "function" ? await condition() : await condition);
        } catch (error) {
            why = error.message;
        }
        if (held) {
            this.passed += 1;
            console.log(`ok   ${name}`);
        } else {
            this.failed += 1;
            console.log(`FAIL ${name}${why ? `: ${String(why).split("\n").join(" | ")}` : ""}`);
        }
        return held;
    }

    equal(name, is, should) {
        const [left, right] = [JSON.stringify(is), JSON.stringify(should)];
        return this.check(name, left === right, `${left} instead of ${right}`);
    }

    /** The violations axe finds, as text; evaluated over DevTools, so the page's content policy stays as it is. */
    async violations(page) {
        await page.evaluate(this.axe);
        const { violations } = await page.evaluate(
            (tags) => globalThis.axe.run({ runOnly: { type: "tag", values: tags } }),
            WCAG,
        );
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
    }

    async accessible(page, name) {
        const found = await this.violations(page);
        return this.check(`${name} meets WCAG 2.2 AA as far as axe can tell`, found.length === 0, found.join("; "));
    }

    async shots(page, name) {
        const folder = process.env.TURNOUT_SCREENSHOTS;
        if (!folder) return;
        await mkdir(folder, { recursive: true });
        const before = page.viewportSize();
        for (const [size, viewport] of [["desktop", DESKTOP], ["phone", PHONE]]) {
            await page.setViewportSize(viewport);
            for (const colorScheme of ["light", "dark"]) {
                await page.emulateMedia({ colorScheme });
                await page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}.png`), fullPage: true });
            }
        }
        await page.emulateMedia({ colorScheme: null });
        await page.setViewportSize(before);
    }

    async download(page, action) {
        const [download] = await Promise.all([page.waitForEvent("download"), action()]);
        const path = join(this.folder, `${this.passed}-${download.suggestedFilename()}`);
        await download.saveAs(path);
        return { name: download.suggestedFilename(), path };
    }
}
