//! The first page of a fax to an election office.

use super::{
    Drawn, Kind,
    layout::{INNER, MARGIN, Paper, Style},
};

/// Draws the fax cover. Its fields are named as those of the official one.
pub(crate) fn fax_cover(kind: Kind) -> Drawn {
    let mut paper = Paper::new("Fax cover sheet", kind);
    paper.page();
    paper.title(MARGIN, 714.0, Style::TITLE, "Fax");
    let y = rows(
        &mut paper,
        666.0,
        "To",
        &[("Election office", "region"), ("Fax", "leo_fax"), ("Pages, with this one", "num_pages")],
    );
    let y = rows(
        &mut paper,
        y,
        "From",
        &[("Name", "full_name"), ("Address", "full_address"), ("E-mail", "email"), ("Telephone", "phone")],
    );
    paper.heading(MARGIN, y, INNER, Style::HEADING, "Application for a ballot by mail");
    paper.paragraph(
        MARGIN,
        y - 26.0,
        INNER,
        Style::BODY,
        "Attached is my signed application for a ballot by mail. If something is missing or cannot be read, please \
         write to the e-mail address above, or call me.",
    );
    paper.finish()
}

/// A part with a line for each value. Returns where the next part may begin.
fn rows(paper: &mut Paper, y: f32, heading: &str, rows: &[(&str, &str)]) -> f32 {
    const STEP: f32 = 24.0;
    const LABEL: f32 = 130.0;
    paper.heading(MARGIN, y, INNER, Style::HEADING, heading);
    let mut y = y - 8.0;
    for (label, name) in rows {
        y -= STEP;
        paper.text(MARGIN, y + 8.0, Style::BODY, label);
        paper.print_line(name, label, [MARGIN + LABEL, y + 2.0, INNER - LABEL, STEP - 5.0]);
        paper.rule(MARGIN, y, INNER);
    }
    y - 42.0
}
