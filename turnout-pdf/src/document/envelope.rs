//! The envelope: a sheet that is folded around the form, with the office's address on it.

use super::{
    Drawn, Kind,
    layout::{INNER, MARGIN, Paper, Style, WIDTH},
};

/// Draws the envelope. Its fields are named as those of the official one.
pub(crate) fn envelope(kind: Kind) -> Drawn {
    let mut paper = Paper::new("Envelope", kind);
    paper.page();
    paper.title(MARGIN, 714.0, Style::TITLE, "Make this sheet your envelope");
    let y = paper.steps(
        MARGIN,
        672.0,
        INNER,
        &[
            ("Fold", "Fold this sheet along the dashed line, with the printed side out and the signed form inside."),
            ("Close", "Close the three open sides with tape."),
            ("Stamp", "Write your own address in the corner, and put a stamp on."),
        ],
    );
    paper.paragraph(
        MARGIN,
        y - 6.0,
        INNER,
        Style::BODY,
        "Or use an envelope of your own, and write the address below on it.",
    );

    paper.dashes(396.0);
    paper.text(MARGIN, 360.0, Style::NOTE, "From");
    for line in 0..3u8 {
        paper.rule(MARGIN, 336.0 - 20.0 * f32::from(line), 190.0);
    }
    let stamp = [WIDTH - MARGIN - 58.0, 298.0, 58.0, 66.0];
    paper.frame(stamp);
    paper.text(stamp[0] + 18.0, stamp[1] + 30.0, Style::NOTE, "Stamp");
    paper.address("mailto_line", 5, 246.0, 226.0, 300.0, 20.0);
    paper.finish()
}
