// `node run.mjs SCENARIO BASE_URL`: runs ./SCENARIO.mjs against the server at BASE_URL (the smoke scenario brings
// its own). One line per check, a count at the end; exit code 1 when a check failed or none was made.
import { Rig } from "./rig.mjs";

const [name, given] = process.argv.slice(2);
if (!/^[a-z_]+$/.test(name ?? "")) {
    console.error("usage: node run.mjs SCENARIO BASE_URL");
    process.exit(2);
}
const { default: scenario, serve } = await import(`./${name}.mjs`);
const server = given ? undefined : await serve?.();
const base = given ?? server?.base;
if (!base) {
    console.error(`say where the server is: node run.mjs ${name} http://127.0.0.1:8000`);
    process.exit(2);
}

const rig = await Rig.start(base);
try {
    await scenario(rig);
} catch (error) {
    await rig.check(`${name} runs to its end`, false, error.stack);
} finally {
    await rig.stop();
    await server?.stop();
}
console.log(`browser: ${rig.passed} passed, ${rig.failed} failed`);
process.exitCode = rig.failed === 0 && rig.passed > 0 ? 0 : 1;
