//! The house's layers: reads which rooms every file of `src/` names, and holds that each imports only what stands below it, and that
//! Rocket, sqlx and the PDF writer stay where they belong. `ARCHITECTURE.md` draws the same picture for people.

use std::path::Path;

/// The rooms, lowest first. A room may import rooms of a lower rank, never one of its own.
const LAYERS: [&[&str]; 11] = [
    &["kernel"],
    &["db", "config"],
    &["audit", "queue"],
    &["roster", "identity"],
    &["obligations"],
    &["policies"],
    &["feedback", "training", "filtering", "access", "projects"],
    &["adoption", "acknowledgments"],
    &["indicators"],
    &["reports", "notices"],
    &["web", "cli", "worker"],
];

/// Within the top rank: commands start the server and the worker.
const BESIDE: [(&str, &str); 2] = [("cli", "web"), ("cli", "worker")];

/// Macros stand at the crate's root and belong to a room all the same.
const MACROS: [(&str, &str); 1] = [("on", "db")];

fn rank(room: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&room))
}

#[test]
fn every_file_imports_only_what_stands_below_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut complaints = Vec::new();
    let mut read = 0;
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                complaints.extend(complaints_about(&name, &std::fs::read_to_string(&path).unwrap()));
                read += 1;
            }
        }
    }
    assert!(read > 20, "only {read} files were read: is src/ where it was?");
    complaints.sort();
    assert!(complaints.is_empty(), "{} imports against the layers:\n{}", complaints.len(), complaints.join("\n"));
}

/// What is wrong with one file (its path below `src/`), each with line and remedy.
fn complaints_about(file: &str, text: &str) -> Vec<String> {
    let code = without_tests(&without_words(text));
    let mut complaints = Vec::new();
    let parts: Vec<&str> = file.trim_end_matches(".rs").split('/').collect();
    let room = parts[0];
    let free = matches!(file, "main.rs" | "lib.rs");

    if !free {
        match rank(room) {
            None => complaints.push(format!("src/{file}:1: the room “{room}” has no layer: give it one in tests/stories/directions.rs")),
            Some(own) => {
                // `a/mod.rs` is module `a`, `a/b.rs` is `a::b`: so many `super` lead to the crate's root.
                let depth = if parts.last() == Some(&"mod") { parts.len() - 1 } else { parts.len() };
                for (line, named) in rooms_named(&code, depth) {
                    let named = MACROS.iter().find(|(name, _)| *name == named).map_or(named.as_str(), |(_, room)| *room);
                    if named == room || BESIDE.contains(&(room, named)) {
                        continue;
                    }
                    match rank(named) {
                        None => complaints.push(format!(
                            "src/{file}:{line}: “crate::{named}” is no room with a layer: name it in tests/stories/directions.rs, or write out the path"
                        )),
                        Some(other) if other < own => {}
                        Some(other) => complaints.push(format!(
                            "src/{file}:{line}: {room} (layer {own}) imports {named} (layer {other}): hand the value in, or move the code to {named} or above"
                        )),
                    }
                }
            }
        }
    }

    let in_web = matches!(room, "web" | "db" | "config") || free || file == "cli/serve.rs";
    if !in_web {
        for name in ["rocket", "rocket_db_pools"] {
            for line in lines_naming(&code, name) {
                complaints.push(format!(
                    "src/{file}:{line}: {name} belongs in web, db, config, lib, main and cli/serve: take a plain type instead"
                ));
            }
        }
    }
    let in_store = room == "db" || parts.last() == Some(&"store") || parts[..parts.len() - 1].contains(&"store");
    if !in_store {
        for line in lines_naming(&without_attributes(&code), "sqlx") {
            complaints.push(format!("src/{file}:{line}: sqlx belongs in db and in store.rs: move the query there (derives may stay)"));
        }
    }
    let in_pdf = file == "reports/pdf.rs" || file.starts_with("reports/pdf/");
    if !in_pdf {
        for line in lines_naming(&code, "pdf_writer") {
            complaints.push(format!("src/{file}:{line}: pdf_writer belongs in reports/pdf: build a plain document and hand it there"));
        }
    }
    complaints
}

fn is_word(c: u8) -> bool {
    c.is_ascii_alphanumeric() || c == b'_'
}

fn line_of(code: &str, at: usize) -> usize {
    code[..at].bytes().filter(|b| *b == b'\n').count() + 1
}

/// Where that word stands, whole.
fn places(code: &str, word: &str) -> Vec<usize> {
    let goes_on = |at: usize| code.as_bytes().get(at).copied().is_some_and(is_word);
    code.match_indices(word).map(|(at, _)| at).filter(|at| !goes_on(at.wrapping_sub(1)) && !goes_on(at + word.len())).collect()
}

/// Lines on which the crate of that name is used: `name::…` or `use name`.
fn lines_naming(code: &str, name: &str) -> Vec<usize> {
    places(code, name)
        .into_iter()
        .filter(|at| {
            let after = code[at + name.len()..].trim_start();
            let before = code[..*at].trim_end();
            // `crate::web::rocket(…)` is our own function.
            !before.ends_with("::") && after.starts_with("::") || before.ends_with("use")
        })
        .map(|at| line_of(code, at))
        .collect()
}

/// The first name after `crate::`, and after as many `super::` as lead to the root; every one of a group.
fn rooms_named(code: &str, depth: usize) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut starts: Vec<usize> = Vec::new();
    for at in places(code, "crate") {
        if let Some(rest) = code[at + 5..].trim_start().strip_prefix("::") {
            starts.push(code.len() - rest.len());
        }
    }
    for at in places(code, "super") {
        if code[..at].trim_end().ends_with("::") {
            continue;
        }
        let (mut rest, mut climbed) = (&code[at..], 0);
        while let Some(after) = rest.trim_start().strip_prefix("super").and_then(|r| r.trim_start().strip_prefix("::")) {
            (rest, climbed) = (after, climbed + 1);
        }
        if climbed >= depth {
            starts.push(code.len() - rest.len());
        }
    }
    for start in starts {
        let rest = &code[start..];
        let skipped = rest.len() - rest.trim_start().len();
        let names = if rest.trim_start().starts_with('{') { group(rest, skipped) } else { vec![(skipped, first_word(&rest[skipped..]))] };
        found.extend(names.into_iter().filter(|(_, name)| !name.is_empty()).map(|(at, name)| (line_of(code, start + at), name)));
    }
    found
}

fn first_word(text: &str) -> String {
    text.bytes().take_while(|b| is_word(*b)).map(char::from).collect()
}

/// The first name of each entry of a `{…}` that opens at `open`.
fn group(text: &str, open: usize) -> Vec<(usize, String)> {
    let (mut names, mut deep, mut fresh) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices().skip_while(|(at, _)| *at < open) {
        match c {
            '{' => {
                deep += 1;
                fresh = deep == 1;
            }
            '}' if deep == 1 => break,
            '}' => deep -= 1,
            ',' => fresh = deep == 1,
            c if fresh && !c.is_whitespace() => {
                names.push((at, first_word(&text[at..])));
                fresh = false;
            }
            _ => {}
        }
    }
    names
}

/// The code with comments, texts and characters blanked out; lines stay where they are.
fn without_words(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let blank = |out: &mut String, part: &str| out.extend(part.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        let long = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if let Some(long) = raw_text(rest).filter(|_| at == 0 || !is_word(bytes[at - 1])) {
            long
        } else if bytes[at] == b'"' {
            quoted(rest, b'"')
        } else if bytes[at] == b'\'' && is_character(rest) {
            quoted(rest, b'\'')
        } else {
            let c = rest.chars().next().unwrap();
            out.push(c);
            at += c.len_utf8();
            continue;
        };
        blank(&mut out, &rest[..long]);
        at += long;
    }
    out
}

fn block_comment(text: &str) -> usize {
    let (mut deep, mut at) = (0, 0);
    while at < text.len() {
        if text[at..].starts_with("/*") {
            (deep, at) = (deep + 1, at + 2);
        } else if text[at..].starts_with("*/") {
            (deep, at) = (deep - 1, at + 2);
            if deep == 0 {
                return at;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// The length of `r"…"`, `r#"…"#` and so on, if the text begins with one.
fn raw_text(text: &str) -> Option<usize> {
    let after = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let marks = after.bytes().take_while(|b| *b == b'#').count();
    let inside = after[marks..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(marks));
    let closed = inside.find(&end).map_or(inside.len(), |i| i + end.len());
    Some(text.len() - inside.len() + closed)
}

fn quoted(text: &str, mark: u8) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b if b == mark => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// Whether the `'` opens a character rather than a lifetime.
fn is_character(text: &str) -> bool {
    let mut chars = text.chars().skip(1);
    matches!((chars.next(), chars.next()), (Some('\\'), _) | (Some(_), Some('\'')))
}

/// The code without its `#[cfg(test)] mod … { … }`: tests may look wherever they need.
fn without_tests(code: &str) -> String {
    let mut out = code.to_owned();
    while let Some(start) = out.find("#[cfg(test)]") {
        let open = out[start..].find(['{', ';']).map_or(out.len(), |i| start + i);
        let mut end = (open + 1).min(out.len());
        if out.as_bytes().get(open) == Some(&b'{') {
            end = closing(&out, open, '{', '}');
        }
        blank_out(&mut out, start, end);
    }
    out
}

/// The code without attributes, in which derives may name `sqlx::FromRow`.
fn without_attributes(code: &str) -> String {
    let mut out = code.to_owned();
    while let Some(start) = out.find("#[").or_else(|| out.find("#![")) {
        let open = start + out[start..].find('[').unwrap();
        let end = closing(&out, open, '[', ']');
        blank_out(&mut out, start, end);
    }
    out
}

/// Just behind the bracket that closes the one at `open`.
fn closing(code: &str, open: usize, opens: char, closes: char) -> usize {
    let mut deep = 0;
    for (at, c) in code[open..].char_indices() {
        if c == opens {
            deep += 1;
        } else if c == closes {
            deep -= 1;
            if deep == 0 {
                return open + at + 1;
            }
        }
    }
    code.len()
}

fn blank_out(code: &mut String, start: usize, end: usize) {
    let blank: String = code[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
    code.replace_range(start..end, &blank);
}

#[test]
fn an_import_upwards_is_named_with_file_line_and_remedy() {
    let found = complaints_about("obligations/mod.rs", "use crate::db::Tx;\nuse crate::policies::Version;\n");
    assert_eq!(
        found,
        [
            "src/obligations/mod.rs:2: obligations (layer 4) imports policies (layer 5): hand the value in, or move the code to policies or above"
        ]
    );
}

#[test]
fn imports_are_found_however_they_are_written() {
    for upwards in [
        "use crate::web::Listen;",
        "use crate::{db::Tx, web::Listen};",
        "use crate::{\n    db::{Bulk, Tx},\n    web,\n};",
        "fn f() { crate::web::serve(); }",
        "use super::web::Listen;",
        "fn f() -> super::web::Listen { todo!() }",
        "/* 'a */ use crate::web::Listen;",
        "const A: char = '\"'; use crate::web::Listen;",
        "const A: &str = r#\"\"\"#; use crate::web::Listen;",
        "fn f<'a>(x: &'a str) { crate::web::serve(x) }",
    ] {
        assert_eq!(complaints_about("roster/mod.rs", upwards).len(), 1, "{upwards}");
    }
    assert_eq!(complaints_about("roster/oneroster/work.rs", "use super::super::super::web::Listen;").len(), 1);
}

#[test]
fn what_is_no_import_is_no_fault() {
    for (file, fine) in [
        ("roster/mod.rs", "// use crate::web::Listen;\n//! [`on!`](crate::web)"),
        ("roster/mod.rs", "const A: &str = \"crate::web::x \\\" crate::web\";"),
        ("roster/mod.rs", "#[cfg(test)]\nmod tests {\n    use crate::web::Listen;\n    fn f() { let _ = \"}\"; sqlx::query(\"\"); }\n}\n"),
        ("roster/oneroster/work.rs", "use super::super::people;\nuse super::web;"),
        ("roster/mod.rs", "use crate::kernel::{Result, web};\nuse crate::roster::district;\nuse crate::on;"),
        ("cli/mod.rs", "use crate::web::Listen;"),
        ("main.rs", "use crate::web::Listen; use rocket::launch;"),
    ] {
        assert_eq!(complaints_about(file, fine), [""; 0], "{fine}");
    }
}

#[test]
fn rooms_of_one_layer_stay_apart() {
    assert_eq!(complaints_about("identity/mod.rs", "use crate::roster::Changes;").len(), 1);
    assert_eq!(complaints_about("roster/mod.rs", "use crate::identity::Token;").len(), 1);
    assert_eq!(complaints_about("web/mod.rs", "use crate::cli::Cli;").len(), 1);
    assert_eq!(complaints_about("attic/mod.rs", "").len(), 1, "a room without a layer");
}

#[test]
fn rocket_sqlx_and_the_pdf_writer_stay_where_they_belong() {
    for (file, code) in [
        ("roster/mod.rs", "use rocket::get;"),
        ("roster/mod.rs", "#[rocket::async_trait]\nimpl A for B {}"),
        ("cli/account.rs", "fn f() { rocket::build(); }"),
        ("roster/district.rs", "fn f() { sqlx::query(\"\"); }"),
        ("roster/district.rs", "use sqlx::FromRow;"),
        ("reports/mod.rs", "use pdf_writer::Pdf;"),
    ] {
        assert_eq!(complaints_about(file, code).len(), 1, "{file}: {code}");
    }
    for (file, code) in [
        ("cli/serve.rs", "use rocket::Rocket;"),
        ("roster/district.rs", "#[derive(Debug, sqlx::FromRow)]\n#[sqlx(transparent)]\nstruct A;"),
        ("roster/store.rs", "use sqlx::Row;"),
        ("obligations/store/reading.rs", "fn f() { sqlx::query(\"\"); }"),
        ("reports/pdf/page.rs", "use pdf_writer::Pdf;"),
        ("cli/init.rs", "fn f() { crate::web::rocket::x(); }"),
    ] {
        assert_eq!(complaints_about(file, code), [""; 0], "{file}: {code}");
    }
}
