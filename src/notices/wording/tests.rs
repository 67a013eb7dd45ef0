use super::*;

fn said(locale: Locale) -> Said {
    let last = Day::parse_iso("2026-09-18").unwrap();
    Said {
        district: "Test District".into(),
        name: "Ana".into(),
        locale,
        duties: vec![
            Asked { kind: Kind::DutyLate, title: "Family agreement".into(), child: Some("Mia".into()), last, late: true, minutes: 4 },
            Asked { kind: Kind::DutyNew, title: "AI & you <script>".into(), child: None, last: last.plus(9), late: false, minutes: 1 },
        ],
        others: vec![Line { text: "A roster waits".into(), detail: None, href: Some("https://assent.example/roster".into()) }],
        way: Some("https://assent.example/link/abc".into()),
    }
}

#[test]
fn a_mail_says_what_is_late_first_what_is_open_and_what_else_is_new() {
    let worded = said(Locale::En).worded().unwrap();
    assert_eq!(worded.subject, "2 things wait for your answer");
    let order = [
        "Hello Ana,",
        "Past the last day",
        "- Family agreement, for Mia",
        "The last day was Friday, September 18.",
        "To do",
        "- AI & you <script>",
        "Last day: Sunday, September 27. About 1 minute.",
        "Also new",
        "https://assent.example/roster",
        "Open my tasks:\nhttps://assent.example/link/abc",
        "works once",
    ];
    let mut from = 0;
    for part in order {
        let found = worded.text[from..].find(part).unwrap_or_else(|| panic!("“{part}” is missing or out of order in\n{}", worded.text));
        from += found;
    }
    assert!(worded.html.contains("AI &#38; you &#60;script&#62;") && !worded.html.contains("<script>"), "{}", worded.html);
    assert!(worded.html.starts_with("<!doctype html>\n<html lang=\"en\">"), "{}", worded.html);
}

#[test]
fn a_mail_in_spanish_has_no_english_in_it() {
    let worded = said(Locale::Es).worded().unwrap();
    for part in [
        "Hola, Ana:",
        "Ya pasó la fecha",
        "Family agreement, para Mia",
        "El último día fue el viernes 18 de septiembre.",
        "Toma 1 minuto.",
        "Abrir mis tareas",
    ] {
        assert!(worded.text.contains(part), "“{part}” is missing in\n{}", worded.text);
    }
    assert!(worded.html.contains("<html lang=\"es\">") && !worded.text.contains("Last day"), "{}", worded.text);
}

#[test]
fn a_line_break_in_a_name_or_title_reaches_no_header() {
    let mut said = said(Locale::En);
    said.duties.truncate(1);
    said.duties[0].title = "Agreement\r\nBcc: all@example.com\u{2028}X".into();
    said.name = "Ana\r\nSubject: other".into();
    let worded = said.worded().unwrap();
    assert_eq!(worded.subject, "Still waiting for your answer: Agreement Bcc: all@example.com X");
    assert!(worded.text.starts_with("Hello Ana Subject: other,\n"), "{}", worded.text);
}
