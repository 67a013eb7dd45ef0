//! The texts that the product ships, and the check of a folder of such texts. A policy is a folder `SLUG/` with a file a
//! language (`en.md`); `policies/README.md` describes the form.

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};

use super::parse::{Parsed, parse};
use super::text::Document;
use super::{elements, readability};
use crate::kernel::{Finding, Problem, Result, Severity};

static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/policies");

/// A shipped policy in all its languages.
#[derive(Debug, Clone)]
pub struct Shipped {
    pub slug: String,
    /// By language tag.
    pub documents: BTreeMap<String, Document>,
}

/// What the library holds, by slug. A file with errors is left out; `check` names them, and a test holds that there are none.
pub fn shipped() -> Vec<Shipped> {
    readable(embedded())
}

/// What a folder on disk holds, by slug; files with errors are left out, `check` names them.
///
/// # Errors
/// `Invalid` for a folder that can't be read.
pub fn read_all(dir: &Path) -> Result<Vec<Shipped>> {
    Ok(readable(files_in(dir)?))
}

fn readable(files: Vec<(String, String)>) -> Vec<Shipped> {
    let mut policies: BTreeMap<String, BTreeMap<String, Document>> = BTreeMap::new();
    for (path, source) in files {
        let parsed = parse(&path, &source);
        if let (false, Some(document), Some((slug, _))) = (parsed.has_errors(), parsed.document, path.split_once('/')) {
            policies.entry(slug.to_owned()).or_default().insert(document.text.language.clone(), document);
        }
    }
    policies.into_iter().map(|(slug, documents)| Shipped { slug, documents }).collect()
}

/// One shipped policy.
///
/// # Errors
/// `Invalid` for a slug that the library doesn't hold.
pub fn find(slug: &str) -> Result<Shipped> {
    let all = shipped();
    let names: Vec<&str> = all.iter().map(|s| s.slug.as_str()).collect();
    let unknown = Problem::invalid("slug", format!("the library has no “{slug}”; it has {}", names.join(", ")));
    all.iter().find(|s| s.slug == slug).cloned().ok_or(unknown)
}

/// Checks the policies in a folder on disk; findings carry paths below it.
///
/// # Errors
/// `Invalid` for a folder that can't be read.
pub fn check(dir: &Path) -> Result<Vec<Finding>> {
    Ok(check_files(&files_in(dir)?))
}

fn files_in(dir: &Path) -> Result<Vec<(String, String)>> {
    let unreadable =
        |path: &Path, e: std::io::Error| Problem::invalid("dir", format!("{} can't be read: {e}. Is the path right?", path.display()));
    let mut files = Vec::new();
    for folder in std::fs::read_dir(dir).map_err(|e| unreadable(dir, e))? {
        let folder = folder?.path();
        if !folder.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(&folder).map_err(|e| unreadable(&folder, e))? {
            let file = file?.path();
            if file.extension().is_some_and(|e| e == "md") {
                let source = std::fs::read_to_string(&file).map_err(|e| unreadable(&file, e))?;
                let name = file.strip_prefix(dir).unwrap_or(&file).to_string_lossy().replace('\\', "/");
                files.push((name, source));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Checks the texts that are built into the program.
pub fn check_shipped() -> Vec<Finding> {
    check_files(&embedded())
}

fn embedded() -> Vec<(String, String)> {
    let files = FOLDER.dirs().flat_map(Dir::files).filter_map(|file| {
        let path = file.path().to_string_lossy().replace('\\', "/");
        Path::new(&path).extension().is_some_and(|e| e == "md").then_some(())?;
        Some((path, file.contents_utf8()?.to_owned()))
    });
    let mut files: Vec<_> = files.collect();
    files.sort();
    files
}

/// `files`: `SLUG/LANGUAGE.md` and its source, sorted.
fn check_files(files: &[(String, String)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut by_slug: BTreeMap<&str, Vec<(&str, Parsed)>> = BTreeMap::new();
    for (path, source) in files {
        let mut parsed = parse(path, source);
        findings.append(&mut parsed.findings);
        let (slug, name) = path.split_once('/').unwrap_or(("", path));
        check_one(path, slug, name, &parsed, &mut findings);
        by_slug.entry(slug).or_default().push((path, parsed));
    }
    for languages in by_slug.values() {
        agree(languages, &mut findings);
    }
    findings.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    findings
}

fn finding(file: &str, line: usize, severity: Severity, text: String) -> Finding {
    Finding { file: file.to_owned(), line, severity, text }
}

fn check_one(path: &str, slug: &str, name: &str, parsed: &Parsed, findings: &mut Vec<Finding>) {
    let Some(document) = &parsed.document else { return };
    if !super::text::is_id(slug) {
        findings.push(finding(
            path,
            1,
            Severity::Error,
            format!("the folder “{slug}” is no slug: use lower-case letters, digits and hyphens"),
        ));
    }
    let language = &document.text.language;
    if name.strip_suffix(".md") != Some(language.as_str()) {
        findings.push(finding(path, 1, Severity::Error, format!("the head says language = \"{language}\": name the file {language}.md")));
    }
    for element in elements::required_of(slug) {
        if !document.text.clauses().any(|c| c.elements.contains(&element.id)) {
            let text = format!(
                "no clause answers {} ({}; {}): add one, with the line `elements: {}`",
                element.id, element.text, element.citation, element.id
            );
            findings.push(finding(path, 1, Severity::Error, text));
        }
    }
    if let (Some(ceiling), Some(grade)) = (document.reading_ceiling, readability::grade(language, &document.text.running()))
        && let ceiling = readability::ceiling(language, ceiling)
        && grade > ceiling
    {
        let text = format!("reads at about grade {grade}, above the ceiling of {ceiling}: shorter sentences and plainer words help");
        findings.push(finding(path, 1, Severity::Hint, text));
    }
}

/// Every language must have the same ids in the same order, the same consents and the same head.
fn agree(languages: &[(&str, Parsed)], findings: &mut Vec<Finding>) {
    let mut readable = languages.iter().filter_map(|(path, parsed)| parsed.document.as_ref().map(|d| (*path, parsed, d)));
    let Some((first_path, first_parsed, first)) = readable.next() else { return };
    for (path, parsed, other) in readable {
        let (a, b) = (first.text.outline(), other.text.outline());
        for (_, id) in a.iter().filter(|(_, id)| !b.iter().any(|(_, other)| other == id)) {
            let line = first_parsed.line_of(id);
            findings.push(finding(path, 1, Severity::Error, format!("the clause “{id}” of {first_path}:{line} is missing here")));
        }
        for (_, id) in b.iter().filter(|(_, id)| !a.iter().any(|(_, other)| other == id)) {
            findings.push(finding(path, parsed.line_of(id), Severity::Error, format!("the clause “{id}” isn't in {first_path}")));
        }
        if a.len() == b.len()
            && let Some(((_, there), (_, here))) = a.iter().zip(&b).find(|(x, y)| x != y)
        {
            let text =
                format!("“{here}” stands where {first_path} has “{there}”: sections and clauses have the same ids in the same order");
            findings.push(finding(path, parsed.line_of(here), Severity::Error, text));
        }
        for clause in first.text.clauses() {
            if other.text.clause(&clause.id).is_some_and(|c| c.elements != clause.elements) {
                let text = format!("“{}” names other elements than in {first_path}", clause.id);
                findings.push(finding(path, parsed.line_of(&clause.id), Severity::Error, text));
            }
        }
        let consents = |d: &Document| d.text.consents.iter().map(|c| (c.id.clone(), c.principal)).collect::<Vec<_>>();
        if consents(first) != consents(other) {
            findings.push(finding(path, 1, Severity::Error, format!("the consents differ from those of {first_path} in ids or order")));
        }
        if (first.kind, first.audience, first.review_months) != (other.kind, other.audience, other.review_months) {
            let text = format!("kind, audience or review_months differ from {first_path}: they are the same in every language");
            findings.push(finding(path, 1, Severity::Error, text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_library_has_no_mistakes_and_prints_as_it_is_written() {
        let errors: Vec<Finding> = check_shipped().into_iter().filter(|f| f.severity == Severity::Error).collect();
        assert_eq!(errors, []);
        assert!(shipped().iter().any(|s| s.slug == "internet-safety"));
        for (path, source) in embedded() {
            let document = parse(&path, &source).document.unwrap();
            assert_eq!(document.print(), source, "{path}");
        }
    }

    #[test]
    fn a_language_that_lacks_a_clause_is_told() {
        let (path, source) = embedded().into_iter().find(|(p, _)| p == "responsible-use-k-2/en.md").unwrap();
        let spanish = source.replace("language = \"en\"", "language = \"es\"");
        let start = spanish.find("\n### ").unwrap();
        let end = start + 5 + spanish[start + 5..].find("\n### ").unwrap();
        let shortened = format!("{}{}", &spanish[..start], &spanish[end..]);
        let found = check_files(&[(path, source), ("responsible-use-k-2/es.md".into(), shortened)]);
        assert!(found.iter().any(|f| f.file.ends_with("es.md") && f.text.contains("is missing here")), "{found:?}");
    }

    #[test]
    fn an_internet_safety_policy_without_monitoring_is_an_error() {
        let (path, source) = embedded().into_iter().find(|(p, _)| p == "internet-safety/en.md").unwrap();
        let found = check_files(&[(path, source.replace("elements: CIPA-MON\n", ""))]);
        assert!(found.iter().any(|f| f.severity == Severity::Error && f.text.contains("no clause answers CIPA-MON")), "{found:?}");
    }

    #[test]
    fn a_folder_on_disk_is_checked_by_file_and_line() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("own-rules")).unwrap();
        let source = embedded().into_iter().find(|(p, _)| p == "responsible-use-k-2/en.md").unwrap().1;
        std::fs::write(folder.path().join("own-rules/en.md"), source.replace("review_months = 12\n", "")).unwrap();
        let found = check(folder.path()).unwrap();
        assert_eq!((found[0].file.as_str(), found[0].line, found[0].severity), ("own-rules/en.md", 1, Severity::Error));
        assert!(found[0].text.contains("review_months"));
        assert!(check(&folder.path().join("nowhere")).unwrap_err().to_string().contains("Is the path right?"));
    }
}
