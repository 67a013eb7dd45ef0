//! What the structure is, as text, against the files in `refs/`. `ASSENT_UPDATE_REFS=1` writes them anew: look at the difference.

use std::path::Path;

use super::super::document::{Bar, Block, Cell, Chart, Column, Document, Figure, Masthead, Part, Run, Table, Tick};
use super::*;
use crate::kernel::Moment;

fn document(blocks: Vec<Block>) -> Document {
    Document {
        title: "Who has agreed".into(),
        lang: "en".into(),
        subject: "Responsible Use".into(),
        author: "Grand Bend ISD".into(),
        made_on: "Made on October 1, 2026".into(),
        made_at: Moment(1_790_000_000_000_000),
        footer: "receipt 12".into(),
        blocks,
    }
}

fn structure(document: &Document) -> String {
    let flow = flow::lay(document).unwrap();
    flow.sheets.tree.told(|page, id| flow.sheets.pages[page].marks[usize::try_from(id).unwrap()].1.clone())
}

fn held(name: &str, told: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/reports/pdf/refs").join(name);
    if std::env::var_os("ASSENT_UPDATE_REFS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, told).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == told, "{} differs; ASSENT_UPDATE_REFS=1 writes it anew. Now:\n{told}", path.display());
}

fn table(rows: usize) -> Block {
    Block::Table(Table {
        caption: "By school".into(),
        columns: vec![Column::text("School", 2.0), Column::text("Agreed", 2.0), Column::number("Late", 1.0)],
        row_headers: true,
        rows: (1..=rows).map(|n| vec![Cell::text(format!("School {n}")), Cell::share(0.5, "50%"), Cell::text(n.to_string())]).collect(),
    })
}

#[test]
fn every_block_has_its_structure() {
    let told = structure(&document(vec![
        Block::heading(2, "Summary"),
        Block::summary([("Agreed", "412 of 530")]),
        Block::Paragraph(vec![
            Run::plain("At "),
            Run::level(3, 4, "level 3 of 4"),
            Run::plain(" now, "),
            Run::bold("late"),
            Run::plain("."),
        ]),
        Block::heading(5, "A level that skips is the next one"),
        Block::bullets(["one", "two"]),
        Block::steps(["first"]),
        Block::notice("Look", "at this"),
        Block::clause("3.2", "Be kind."),
        Block::Figure(Figure {
            title: "By school".into(),
            alt: "Cedar 71%".into(),
            chart: Chart::Bars { bars: vec![Bar { label: "Cedar".into(), share: 0.71, text: "71%".into() }], goal: None },
        }),
        table(2),
    ]));
    held("blocks.txt", &told);
}

#[test]
fn a_table_over_pages_is_one_table_with_one_header() {
    let told = structure(&document(vec![table(60)]));
    assert_eq!(told.matches("  Table").count(), 1);
    assert_eq!(told.matches("“Agreed”").count(), 1);
    assert!(told.contains("p1: “School 1”") && told.contains("p3: “School 60”") || told.contains("p2: “School 60”"), "{told}");
}

#[test]
fn a_cell_taller_than_a_page_goes_on_and_loses_no_word() {
    let words: Vec<String> = (1..=1500).map(|n| format!("word{n}")).collect();
    let told = structure(&document(vec![Block::Table(Table {
        caption: "Remarks".into(),
        columns: vec![Column::text("Remark", 1.0), Column::text("By", 1.0)],
        row_headers: false,
        rows: vec![vec![Cell::text(words.join(" ")), Cell::text("Ana")]],
    })]));
    assert!(words.iter().all(|w| told.contains(&format!("{w} ")) || told.contains(&format!("{w}”"))));
    assert!(told.contains("p3: "), "{told}");
}

#[test]
fn nothing_stands_below_the_foot_of_a_page() {
    let long = "Each student learns to use technology with care. ".repeat(90);
    let flow =
        flow::lay(&document(vec![Block::text(long.clone()), Block::notice("Long", long.clone()), Block::clause("1", long)])).unwrap();
    assert!(flow.sheets.pages.len() >= 3);
    for page in flow.sheets.pages {
        let content = String::from_utf8_lossy(page.content.finish().as_slice()).into_owned();
        let lowest = content.lines().filter_map(|l| l.strip_suffix(" Td")?.split(' ').nth(1)?.parse::<f32>().ok()).filter(|y| *y > 48.5);
        assert!(lowest.fold(f32::MAX, f32::min) >= flow::BOTTOM);
    }
}

#[test]
fn a_letter_has_its_own_language_pages_and_sheet() {
    let letter = |lang: &str| {
        let head = Masthead {
            author: "Grand Bend ISD".into(),
            title: "Acuerdo".into(),
            subject: "Versión 1".into(),
            code: "7HKX-29PD".into(),
            alt: "Imagen del código".into(),
        };
        let tick = Tick { number: "1.".into(), ask: "¿Puede?".into(), boxes: vec!["Sí".into(), "No".into()], note: "Si no, no.".into() };
        Block::Part(Box::new(Part {
            lang: lang.into(),
            header: ("Acuerdo".into(), "7HKX-29PD".into()),
            footer: "7HKX-29PD".into(),
            own_sheet: true,
            blocks: vec![Block::Masthead(head), Block::Tick(tick), Block::Sign(vec![("Firma".into(), 3.0), ("Fecha".into(), 1.0)])],
            small: vec![Block::heading(2, "El texto"), Block::text("Todo.")],
        }))
    };
    let document = document(vec![Block::text("A list."), letter("es"), letter("en")]);
    let flow = flow::lay(&document).unwrap();
    let pages: Vec<_> = flow.parts.iter().map(|(pages, part)| (pages.clone(), part.lang.as_str())).collect();
    assert_eq!(pages, [(2..4, "es"), (4..6, "en")]);
    assert_eq!(flow.blank, [1]);
    let told = structure(&document);
    for part in ["Part lang=es", "Figure alt=“Imagen del código”", "p3: “7HKX-29PD”", "p3: “1. ¿Puede?”", "p4: “Todo.”", "Part lang=en"]
    {
        assert!(told.contains(part), "{part} is missing:\n{told}");
    }
}

#[test]
fn a_report_says_what_it_lacks() {
    let mut lacking = document(vec![]);
    lacking.title = " ".into();
    assert!(render(&lacking).unwrap_err().to_string().contains("it has no title"));
}
