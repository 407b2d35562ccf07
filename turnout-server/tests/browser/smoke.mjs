// Proves the rig itself on two pages of its own: one that is in order, and one whose faults it has to find.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

const GOOD = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Smoke</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<style>:root { color-scheme: light dark }</style></head><body><main><h1>Smoke</h1>
<form method="post" action="/answer"><label for="name">Name</label> <input id="name" name="name"><button>Send</button></form>
<p><a href="/file.pdf">Download</a></p></main></body></html>`;
const BAD = `<!doctype html><html><head><title></title></head><body>
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><input name="nameless"></body></html>`;

const CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'";
const ANSWERS = {
    "/": { "content-type": "text/html; charset=utf-8", "content-security-policy": CSP },
    "/bad": { "content-type": "text/html" },
    "/answer": { "content-type": "text/html; charset=utf-8" },
    "/file.pdf": { "content-type": "application/pdf", "content-disposition": 'attachment; filename="form.pdf"' },
};

export async function serve() {
    const server = createServer(async (request, response) => {
        const head = ANSWERS[request.url];
        if (!head) return response.writeHead(404).end();
        let sent = "";
        for await (const chunk of request) sent += chunk;
        const body = { "/": GOOD, "/bad": BAD, "/file.pdf": "%PDF-1.7\n%%EOF\n" }[request.url];
        response.writeHead(request.url === "/answer" ? 400 : 200, head);
        response.end(body ?? `<!doctype html><html lang="en"><title>Answer</title><p id="sent">${sent}</p></html>`);
    });
    await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
    return { base: `http://127.0.0.1:${server.address().port}`, stop: () => new Promise((done) => server.close(done)) };
}

export default async function smoke(rig) {
    const page = await rig.open("/");
    await rig.equal("the page has its title", await page.title(), "Smoke");
    await rig.accessible(page, "the good page");
    await rig.shots(page, "smoke");

    const saved = await rig.download(page, () => page.getByRole("link", { name: "Download" }).click());
    await rig.equal("a download keeps its name", saved.name, "form.pdf");
    await rig.check("and its bytes", async () => (await readFile(saved.path, "latin1")).startsWith("%PDF-"));

    await page.getByLabel("Name").fill("Łucja");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await rig.equal("the keyboard sends the form", await page.locator("#sent").textContent(), "name=%C5%81ucja");

    const plain = await rig.open("/", { javascript: false, phone: true, dark: true });
    await rig.equal("it works without JavaScript", await plain.locator("h1").textContent(), "Smoke");

    const bad = await rig.open("/bad");
    const found = (await rig.violations(bad)).map((line) => line.split(":")[0]);
    for (const id of ["document-title", "html-has-lang", "image-alt", "label"]) {
        await rig.check(`axe finds ${id}`, found.includes(id), found.join(", "));
    }
}
