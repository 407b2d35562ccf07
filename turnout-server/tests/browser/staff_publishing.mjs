// Election data that somebody else has to publish: a change is proposed, looked at, published or refused. The test
// (`tests/all/manage/staff.rs`) starts the server with ELECTION_SECOND_PERSON.
import { fill, follow, followIn, go, heading, look, press, says, saysNot, signedIn, wrong } from "./hands.mjs";

const FACT = "/manage/election/state/OH/rule_of_the_tests/";
const PROPOSALS = "/manage/election/proposals/";

export default async function publishing(rig) {
    const editor = await signedIn(rig, "ElectionAdmin");
    const second = await signedIn(rig, "Superuser");

    // what somebody proposed before
    await go(rig, second, PROPOSALS);
    await look(rig, second, "changes that wait");
    await followIn(second, "ElectionAdmin Example", "Ohio");
    await says(rig, second, "a change of another", "Bring two.");
    await look(rig, second, "a change of another");
    await press(second, "Publish this change");
    await says(rig, second, "changes to publish", "Published. Everybody sees it from now on.");
    await look(rig, second, "nothing to publish");
    await go(rig, second, "/manage/election/state/OH/");
    await says(rig, second, "the state", "Bring two.");

    // one's own is for others
    await go(rig, editor, FACT);
    await fill(editor, { text: "Bring **three**.", checked_on: "tomorrow" });
    await press(editor, "Propose this change");
    await wrong(rig, editor, "a proposal", ["checked_on"]);
    await fill(editor, { checked_on: "2026-11-01", source: "§ 3503.14" });
    await press(editor, "Show a preview");
    await says(rig, editor, "the preview", "Nothing is saved yet.");
    await look(rig, editor, "the preview of a proposal");
    await press(editor, "Propose this change");
    await says(rig, editor, "the state", "Your change waits for somebody else to publish it.");
    await saysNot(rig, editor, "the state", "Bring three.");
    await look(rig, editor, "a state with a change that waits");
    await follow(editor, "Changes that wait to be published");
    await followIn(editor, "ElectionAdmin Example", "Ohio");
    await says(rig, editor, "a proposal of one's own", "You proposed this. Somebody else has to publish it.");
    await rig.equal("there is no button for it", await editor.getByRole("button", { name: "Publish" }).count(), 0);
    await look(rig, editor, "a proposal of one's own");

    // refused by the other
    await go(rig, second, PROPOSALS);
    await followIn(second, "ElectionAdmin Example", "Ohio");
    await press(second, "Withdraw this change");
    await says(rig, second, "changes to publish", "Withdrawn. The fact stays as it is.");
    await go(rig, editor, FACT);
    await says(rig, editor, "the fact", "Bring two.");
    await follow(editor, "History");
    await says(rig, editor, "the history", "withdrawn");
    await look(rig, editor, "the history with what was refused");

    // the way back is a proposal, too
    await followIn(editor, "published", "20");
    await look(rig, editor, "a published change");
    await press(editor, "Go back to before this change");
    await says(rig, editor, "the fact", "Your change waits for somebody else to publish it.");
    await says(rig, editor, "the fact", "A change of this fact waits to be published.");
    await look(rig, editor, "a fact with a change that waits");
    await follow(editor, "Look at the change that waits");
    const path = new URL(editor.url()).pathname;
    await go(rig, second, path);
    await press(second, "Publish this change");
    await go(rig, second, "/manage/election/state/OH/");
    await says(rig, second, "the state", "a bill");

    // what is gone cannot be published once more
    await go(rig, editor, path);
    await rig.equal("a proposal that was published is gone", await heading(editor), "Page not found");
}
