//! A district's student information system, as far as a story needs one: people, classes and families in memory, changed month by month,
//! and exported as OneRoster 1.1, whole or as changes. It knows nothing of the product, so that what it says can be held against it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub role: &'static str,
    /// Number of the school; guardians have none.
    pub school: Option<usize>,
    /// 0 is kindergarten.
    pub grade: Option<u32>,
    pub children: Vec<u32>,
}

/// What one export is to hold.
#[derive(Debug, Clone, Default)]
pub struct Export {
    /// Only these people, as changes; whoever is gone is marked `tobedeleted`.
    pub only: Option<BTreeSet<u32>>,
    /// The export breaks off: students of this school with an even number are missing.
    pub half_lost: Option<usize>,
}

#[derive(Debug, Clone)]
pub struct SchoolSystem {
    pub schools: usize,
    /// By number, which is also the sourcedId.
    pub people: BTreeMap<u32, Record>,
    /// Classes of a new term have new sourcedIds.
    pub term: u32,
    /// The school year by the year in which it ends.
    pub year: i32,
    next: u32,
}

pub const GRADES: u32 = 13;

impl SchoolSystem {
    /// A district of about so many people: of a hundred, sixty students, eight staff, and a guardian for every second student.
    pub fn of(people: u32, schools: usize) -> Self {
        let mut system = Self { schools, people: BTreeMap::new(), term: 1, year: 2027, next: 0 };
        let students = people * 60 / 100;
        for n in 0..students {
            // Siblings stand together, two and two.
            let family = n / 2;
            system.enrol(family as usize % schools, n % GRADES);
        }
        for n in 0..people * 8 / 100 {
            system.hire(n as usize % schools, if n % 4 == 0 { "administrator" } else { "teacher" });
        }
        while system.people.len() < people as usize {
            let guardian = u32::try_from(system.people.len()).unwrap() - students - people * 8 / 100;
            // Once every family has one, the first families have a second.
            let family = guardian % (students / 2);
            let children: Vec<u32> = [family * 2, family * 2 + 1].into_iter().filter(|c| *c < students).collect();
            system.add(Record { role: "guardian", school: None, grade: None, children });
        }
        system
    }

    fn add(&mut self, record: Record) -> u32 {
        let number = self.next;
        self.next += 1;
        self.people.insert(number, record);
        number
    }

    pub fn enrol(&mut self, school: usize, grade: u32) -> u32 {
        self.add(Record { role: "student", school: Some(school), grade: Some(grade), children: Vec::new() })
    }

    pub fn hire(&mut self, school: usize, role: &'static str) -> u32 {
        self.add(Record { role, school: Some(school), grade: None, children: Vec::new() })
    }

    pub fn numbers(&self, role: &str) -> Vec<u32> {
        self.people.iter().filter(|(_, p)| p.role == role).map(|(n, _)| *n).collect()
    }

    /// Guardians of each child that is there.
    pub fn guardians(&self) -> BTreeMap<u32, Vec<u32>> {
        let mut found = BTreeMap::<u32, Vec<u32>>::new();
        for (number, person) in &self.people {
            for child in person.children.iter().filter(|child| self.people.contains_key(child)) {
                found.entry(*child).or_default().push(*number);
            }
        }
        found
    }

    pub fn school_name(school: usize) -> String {
        format!("School {:02}", school + 1)
    }

    pub fn export(&self, path: &Path, wanted: &Export) {
        let mut zip = ZipWriter::new(File::create(path).unwrap());
        let mode = if wanted.only.is_some() { "delta" } else { "bulk" };
        let whole = wanted.only.is_none();
        let mut put = |name: &str, text: String| {
            zip.start_file(format!("{name}.csv"), SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        };
        let mut manifest = "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\n".to_owned();
        let files: &[&str] = if whole { &["orgs", "academicSessions", "courses", "classes", "users", "enrollments"] } else { &["users"] };
        for file in files {
            writeln!(manifest, "file.{file},{mode}").unwrap();
        }
        put("manifest", manifest);
        put("users", self.users(wanted));
        if whole {
            put("orgs", self.orgs());
            put(
                "academicSessions",
                format!(
                    "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear\n\
                     y{0},,,{1}-{0},schoolYear,{1}-08-01,{0}-08-01,,{0}\n",
                    self.year,
                    self.year - 1
                ),
            );
            put(
                "courses",
                "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes\n\
                 c,,,,Homeroom,H,,d,,\n"
                    .to_owned(),
            );
            put("classes", self.classes());
            put("enrollments", self.enrollments(wanted));
        }
        zip.finish().unwrap();
    }

    fn orgs(&self) -> String {
        let mut text = "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\nd,,,Anything ISD,district,,\n".to_owned();
        for school in 0..self.schools {
            writeln!(text, "s{school},,,{},school,{school},d", Self::school_name(school)).unwrap();
        }
        text
    }

    fn is_lost(wanted: &Export, number: u32, person: &Record) -> bool {
        wanted.half_lost.is_some_and(|school| person.role == "student" && person.school == Some(school) && (number / 2).is_multiple_of(2))
    }

    fn users(&self, wanted: &Export) -> String {
        let mut text = "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,\
                        identifier,email,sms,phone,agentSourcedIds,grades,password\n"
            .to_owned();
        let status = |gone: bool| match (&wanted.only, gone) {
            (None, _) => ",",
            (Some(_), false) => "active,2026-10-01T00:00:00Z",
            (Some(_), true) => "tobedeleted,2026-10-01T00:00:00Z",
        };
        for (number, person) in &self.people {
            if wanted.only.as_ref().is_some_and(|only| !only.contains(number)) || Self::is_lost(wanted, *number, person) {
                continue;
            }
            let org = person.school.map_or("d".to_owned(), |school| format!("s{school}"));
            let grade = person.grade.map(|g| if g == 0 { "KG".to_owned() } else { format!("{g:02}") }).unwrap_or_default();
            let children = person.children.iter().map(|c| format!("p{c}")).collect::<Vec<_>>().join(",");
            writeln!(
                text,
                "p{number},{},true,{org},{},u{number},,Given{number},Family{:05},,,p{number}@example.org,,,\"{children}\",{grade},",
                status(false),
                person.role,
                number / 2
            )
            .unwrap();
        }
        for gone in wanted.only.iter().flatten().filter(|n| !self.people.contains_key(n)) {
            writeln!(text, "p{gone},{},true,d,student,u{gone},,Given{gone},Gone,,,,,,,,", status(true)).unwrap();
        }
        text
    }

    fn class(&self, school: usize, grade: u32) -> String {
        format!("k{}-{}-{school}-{grade}", self.year, self.term)
    }

    fn classes(&self) -> String {
        let mut text = "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,\
                        termSourcedIds,subjects,subjectCodes,periods\n"
            .to_owned();
        for school in 0..self.schools {
            for grade in 0..GRADES {
                writeln!(text, "{},,,Homeroom {grade},,c,H{grade},homeroom,,s{school},y{},,,", self.class(school, grade), self.year)
                    .unwrap();
            }
        }
        text
    }

    fn enrollments(&self, wanted: &Export) -> String {
        let mut text =
            "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate\n".to_owned();
        for (number, person) in &self.people {
            let (Some(school), Some(grade)) = (person.school, person.grade) else { continue };
            if !Self::is_lost(wanted, *number, person) {
                let class = self.class(school, grade);
                writeln!(text, "e{class}-{number},,,{class},s{school},p{number},student,,,").unwrap();
            }
        }
        text
    }
}
