//! Reports as files that other programs read. `qpdf` and poppler's `pdfinfo` and `pdftotext` look at them when they are installed;
//! what is left out for want of one is said on standard error. `ASSENT_TEST_VERAPDF` may name a command that checks PDF/UA-1.
//! The files stay in the target's `tmp` folder, to be looked at.

use std::path::PathBuf;
use std::process::Command;

use assent::kernel::Moment;
use assent::reports::document::{Bar, Block, Cell, Chart, Column, Document, Figure, Goal, Run, Table};
use assent::reports::pdf;

fn document(lang: &str, title: &str, blocks: Vec<Block>) -> Document {
    Document {
        title: title.into(),
        lang: lang.into(),
        subject: "Responsible Use, grades 9–12, version 3".into(),
        author: "Grand Bend Independent School District".into(),
        made_on: "Made on October 1, 2026, at 2:03 p.m.".into(),
        made_at: Moment::parse("2026-10-01T19:03:22Z").unwrap(),
        footer: "grandbend.example/audit/7f3a".into(),
        blocks,
    }
}

fn audit() -> Document {
    let people = (1..=150_u8).map(usize::from).map(|n| {
        vec![
            Cell::text(format!("{}, {}", ["Alvarez", "Nguyễn", "O’Connor", "Thompson"][n % 4], ["Ana", "Minh", "Seán", "李"][n / 4 % 4])),
            Cell::text(["Cedar Ridge High", "Grand Bend High", "Harbor Middle School for the Arts and Sciences"][n % 3]),
            Cell::share(f32::from(u8::try_from(n % 101).unwrap()) / 100.0, format!("{}%", n % 101)),
            Cell::text((n * 37).to_string()),
            Cell::level(u8::try_from(n % 5).unwrap(), 4, format!("level {} of 4", n % 5)),
        ]
    });
    let schools = [("Cedar Ridge High", 0.714), ("Grand Bend High", 0.88), ("Harbor Middle", 0.953), ("Lakeview Elementary", 0.996)];
    document(
        "en",
        "Who has agreed",
        vec![
            Block::summary([
                ("Agreed", "15,310 of 16,787 (91.2%)"),
                ("Late", "1,204"),
                ("Exempt", "31, each with a reason on record"),
                ("Asked from", "August 10, 2026, until October 1, 2026, at local midnight"),
            ]),
            Block::Paragraph(vec![
                Run::plain("Of 16,787 students who were asked, "),
                Run::bold("15,310 have agreed"),
                Run::plain(". The goal is 95%. Standing: "),
                Run::level(3, 4, "level 3 of 4"),
                Run::plain(
                    " established, and on its way to the goal that the board set in May. The figures are those of the day named above; each of them can be opened to the people behind it by whoever may see them.",
                ),
            ]),
            Block::notice("118 people were never told.", "Their roster entry has no e-mail address. Letters were printed on September 28."),
            Block::heading(2, "By school"),
            Block::Figure(Figure {
                title: "Share agreed, by school".into(),
                alt: "Bars: Cedar Ridge High 71.4%, Grand Bend High 88.0%, Harbor Middle 95.3%, Lakeview Elementary 99.6%; goal 95%".into(),
                chart: Chart::Bars {
                    bars: schools.iter().map(|(s, v)| Bar { label: (*s).into(), share: *v, text: format!("{:.1}%", v * 100.0) }).collect(),
                    goal: Some(Goal { share: 0.95, text: "goal 95%".into() }),
                },
            }),
            Block::heading(3, "Since August"),
            Block::Figure(Figure {
                title: "Share agreed, by day".into(),
                alt: "Share agreed, from 0% on August 10 to 91.2% on October 1; goal 95%".into(),
                chart: Chart::Trend {
                    points: vec![(0, 0.0), (4, 0.1), (9, 0.32), (15, 0.5), (22, 0.66), (30, 0.75), (41, 0.86), (52, 0.912)],
                    from: "August 10".into(),
                    to: "October 1".into(),
                    last: "91.2%".into(),
                    goal: Some(Goal { share: 0.95, text: "goal 95%".into() }),
                },
            }),
            Block::heading(2, "Who is open"),
            Block::text("Sorted by school, then by name."),
            Block::Table(Table {
                caption: "People who have not answered".into(),
                columns: vec![
                    Column::text("Name", 2.0),
                    Column::text("School", 2.2),
                    Column::text("Training done", 1.8),
                    Column::number("Days late", 0.8),
                    Column::text("Level", 0.9),
                ],
                row_headers: true,
                rows: people.collect(),
            }),
            Block::heading(2, "How this was counted"),
            Block::bullets(["An answer counts from the moment it was given.", "Exempt people are not in the whole."]),
            Block::steps([
                "Open the audit page.",
                "Choose a day.",
                "Compare each figure with this report, and keep both with the board’s minutes for as long as the retention schedule asks.",
            ]),
        ],
    )
}

fn policy() -> Document {
    let mut policy = document(
        "es",
        "Política de uso responsable de la tecnología",
        vec![
            Block::heading(2, "Propósito"),
            Block::clause(
                "1.1",
                "Cada estudiante aprende a usar la tecnología con cuidado, con respeto y con seguridad; ¿cómo? Con ayuda de su familia, de sus maestros y de la niñez misma.",
            ),
            Block::clause("1.2", "La escuela explica las reglas en palabras sencillas, y escucha las preguntas. ".repeat(12)),
            Block::heading(4, "Lo que acordamos"),
            Block::clause("2.1", "No comparto mi contraseña: ni con amigos → ni en línea ✓."),
        ],
    );
    policy.made_on = "Hecho el 1 de octubre de 2026".into();
    policy.subject = "Grados 9 a 12, versión 3".into();
    policy
}

fn filed(name: &str, document: &Document) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, pdf::render(document).unwrap()).unwrap();
    path
}

/// What the program printed, `None` when it isn't installed. A program that finds fault fails the test.
fn asked(program: &str, arguments: &[&str]) -> Option<String> {
    let Ok(done) = Command::new(program).args(arguments).output() else {
        eprintln!("left out: {program} is not installed");
        return None;
    };
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "{program} {arguments:?}: {said}{}", String::from_utf8_lossy(&done.stderr));
    Some(said)
}

#[test]
fn a_report_is_sound_tagged_and_reads_in_order() {
    for (name, document) in [("audit.pdf", audit()), ("policy.pdf", policy())] {
        let path = filed(name, &document);
        let path = path.to_str().unwrap();
        if let Some(said) = asked("qpdf", &["--check", path]) {
            assert!(said.contains("No syntax or stream encoding errors"), "{said}");
        }
        if let Some(said) = asked("pdfinfo", &[path]) {
            assert!(said.contains("Tagged:          yes") && said.contains("612 x 792"), "{said}");
            assert!(said.contains(&format!("Title:           {}", document.title)), "{said}");
        }
        match std::env::var("ASSENT_TEST_VERAPDF") {
            Ok(program) => drop(asked(&program, &[path])),
            Err(_) => eprintln!("left out: PDF/UA-1, for ASSENT_TEST_VERAPDF names no checker"),
        }
    }
}

#[test]
fn a_screen_reader_is_told_rows_and_figures_in_words() {
    let path = filed("audit-struct.pdf", &audit());
    if let Some(said) = asked("pdfinfo", &["-struct-text", path.to_str().unwrap()]) {
        for part in ["H1 (block)", "\"Who has agreed\"", "TH", "Table", "Figure", "LBody", "\"Who is open\""] {
            assert!(said.contains(part), "{part} is missing in {said}");
        }
        assert_eq!(said.matches("Training done").count(), 1, "a header row is read once, though it is drawn on each page");
    }
}

#[test]
fn text_can_be_copied_as_it_was_meant() {
    let path = filed("policy-text.pdf", &policy());
    if let Some(said) = asked("pdftotext", &["-raw", path.to_str().unwrap(), "-"]) {
        let words = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("¿cómo? Con ayuda de su familia, de sus maestros y de la niñez misma."), "{words}");
        assert!(words.contains("amigos → ni en línea ✓"), "{words}");
        assert!(words.contains("Página 1 de 1"), "{words}");
    }
    let path = filed("audit-text.pdf", &audit());
    if let Some(said) = asked("pdftotext", &["-raw", path.to_str().unwrap(), "-"]) {
        assert!(said.contains("Nguyễn, 李"), "{said}");
    }
}

#[test]
fn the_same_report_is_the_same_file() {
    assert!(pdf::render(&audit()).unwrap() == pdf::render(&audit()).unwrap());
}

#[test]
fn a_row_that_lacks_a_cell_is_named() {
    let rows = vec![vec![Cell::text("Ana")]];
    let columns = vec![Column::text("Name", 1.0), Column::text("School", 1.0)];
    let table = Table { caption: "People".into(), columns, row_headers: true, rows };
    let problem = pdf::render(&document("en", "Short", vec![Block::Table(table)])).unwrap_err();
    assert!(problem.to_string().contains("table “People”, row 1: 1 cells for 2 columns"), "{problem}");
}
