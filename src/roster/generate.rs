//! A made-up district as a OneRoster 1.1 zip: for tests, the demo and measuring. Each person follows from seed and number alone, so
//! a million of them are written without being held. Knows nothing of the database.

use std::io::{Seek, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::kernel::{Problem, Result};

/// What is to be made.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// All users together: exactly so many.
    pub people: u64,
    pub seed: u64,
    /// Percent of the people who are guardians, 0 to 60. From 40 nearly every student has one or two.
    pub guardians: u64,
    /// The most classes that a student sits in, 1 to 12; every second student has one fewer.
    pub classes: u64,
}

impl Default for Plan {
    fn default() -> Self {
        Self { people: 2_000, seed: 1, guardians: 8, classes: 7 }
    }
}

impl Plan {
    /// Whether the sizes make a district.
    pub fn check(self) -> Result<()> {
        if !(SMALLEST..=LARGEST).contains(&self.people) {
            return Err(Problem::invalid("people", format!("choose a number from {SMALLEST} to {LARGEST}")));
        }
        if self.guardians > 60 {
            return Err(Problem::invalid("guardians", "choose a percentage from 0 to 60"));
        }
        if !(1..=SUBJECTS.len() as u64).contains(&self.classes) {
            return Err(Problem::invalid("classes", format!("choose a number from 1 to {}", SUBJECTS.len())));
        }
        Ok(())
    }
}

/// What was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Made {
    pub schools: u64,
    pub students: u64,
    pub staff: u64,
    pub guardians: u64,
    pub classes: u64,
    pub enrollments: u64,
}

const SMALLEST: u64 = 10;
const LARGEST: u64 = 5_000_000;
const CLASS_SIZE: u64 = 25;

/// Names that go together: given names, family names.
type Culture = (&'static [&'static str], &'static [&'static str]);

const SPANISH: Culture = (
    &[
        "José", "María", "Sofía", "Mateo", "Lucía", "Andrés", "Inés", "Joaquín", "Ximena", "Raúl", "Camila", "Iván", "Elena", "Tomás",
        "Valeria", "Martín",
    ],
    &[
        "García",
        "Hernández",
        "Martínez",
        "López",
        "González",
        "Pérez",
        "Rodríguez",
        "Sánchez",
        "Ramírez",
        "Núñez",
        "Peña",
        "Muñoz",
        "Vázquez",
        "Ibáñez",
        "Ortiz",
        "Castañeda",
    ],
);
const CULTURES: [Culture; 5] = [
    (
        &[
            "Emma", "Noah", "Olivia", "Liam", "Ava", "Mason", "Grace", "Wyatt", "Hannah", "Caleb", "Ruth", "Owen", "Abigail", "Henry",
            "Nora", "Jack",
        ],
        &[
            "Miller", "Johnson", "Baker", "O'Brien", "Schmidt", "Nelson", "Hughes", "Carter", "Larsen", "Kowalski", "Reed", "Murphy",
            "Ward", "Fischer", "Bell", "Novak",
        ],
    ),
    (
        &["Amara", "Malik", "Imani", "Darius", "Nia", "Kofi", "Zuri", "Jamal", "Ayana", "Isaiah", "Abena", "Tyrone"],
        &["Washington", "Okafor", "Jefferson", "Mensah", "Booker", "Adeyemi", "Freeman", "Diallo", "Banks", "Osei", "Coleman", "Abebe"],
    ),
    (
        &["Mei", "Wei", "Linh", "Minh", "Yuna", "Hiro", "Jia", "Thao", "Sora", "Jun", "Anh", "Kai"],
        &["Nguyễn", "Chen", "Kim", "Tanaka", "Vang", "Li", "Park", "Trần", "Wong", "Sato", "Xiong", "Huang"],
    ),
    (
        &["Priya", "Arjun", "Fatima", "Omar", "Layla", "Ravi", "Aisha", "Yusuf", "Ananya", "Samir", "Noor", "Vikram"],
        &["Patel", "Khan", "Singh", "Hassan", "Rao", "Haddad", "Sharma", "Ali", "Reddy", "Rahman", "Gupta", "Nasser"],
    ),
    (
        &["Aiyana", "Dakota", "Keanu", "Leilani", "Takoda", "Malia", "Nayeli", "Kimana"],
        &["Begay", "Yazzie", "Kealoha", "Tsosie", "Kahananui", "Whitehorse", "Benally", "Akana"],
    ),
];

/// Which of six families in a block of ten students each student belongs to: siblings stand together, in schools apart.
const FAMILY: [u64; 10] = [0, 1, 1, 2, 3, 3, 3, 4, 5, 5];
const FAMILIES_IN_BLOCK: u64 = 6;

const LEVELS: [Level; 13] = {
    use Level::{Elementary as E, High as H, Middle as M};
    [E, M, H, E, E, H, E, M, E, H, E, M, H]
};

#[derive(Debug, Clone, Copy)]
enum Level {
    Elementary,
    Middle,
    High,
    /// A district's only school.
    All,
    /// The other one of two.
    Secondary,
}

impl Level {
    fn of(school: u64, schools: u64) -> Self {
        match (schools, school) {
            (1, _) => Self::All,
            (2, 0) => Self::Elementary,
            (2, _) => Self::Secondary,
            _ => LEVELS[usize::try_from(school % 13).unwrap_or(0)],
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Elementary => "Elementary School",
            Self::Middle => "Middle School",
            Self::High => "High School",
            Self::All => "School",
            Self::Secondary => "Secondary School",
        }
    }

    fn grades(self) -> &'static [&'static str] {
        const ALL: [&str; 13] = ["KG", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"];
        match self {
            Self::Elementary => &ALL[..6],
            Self::Middle => &ALL[6..9],
            Self::High => &ALL[9..],
            Self::All => &ALL,
            Self::Secondary => &ALL[6..],
        }
    }
}

/// A plan takes so many of them from the first; the last of those is taken by every second student.
const SUBJECTS: [&str; 12] = [
    "Homeroom",
    "English Language Arts",
    "Mathematics",
    "Science",
    "Social Studies",
    "Physical Education",
    "Music",
    "Art",
    "Health",
    "World Languages",
    "Technology",
    "Library",
];

/// A district whose sizes are settled.
#[derive(Debug, Clone, Copy)]
struct Shape {
    seed: u64,
    schools: u64,
    students: u64,
    staff: u64,
    guardians: u64,
    /// Subjects that are taught.
    subjects: usize,
}

impl Shape {
    fn of(plan: Plan) -> Self {
        let guardians = plan.people * plan.guardians / 100;
        let schools = (plan.people / if plan.people > 20_000 { 700 } else { 500 }).max(1);
        // Every school has somebody who leads it and somebody who teaches.
        let staff = ((plan.people - guardians) * 13 / 100).max(schools * 2);
        let subjects = usize::try_from(plan.classes).unwrap_or(usize::MAX).min(SUBJECTS.len());
        Self { seed: plan.seed, schools, students: plan.people - guardians - staff, staff, guardians, subjects }
    }

    fn families(self) -> u64 {
        match self.students.checked_sub(1) {
            Some(last) => Self::family(last) + 1,
            None => 0,
        }
    }

    fn family(student: u64) -> u64 {
        student / 10 * FAMILIES_IN_BLOCK + FAMILY[usize::try_from(student % 10).unwrap_or(0)]
    }

    /// The guardians of a family: from, to (not included). All guardians are shared out evenly.
    fn guardians_of(self, family: u64) -> (u64, u64) {
        let families = self.families().max(1);
        (family * self.guardians / families, (family + 1) * self.guardians / families)
    }

    /// The family of a guardian.
    fn family_of_guardian(self, guardian: u64) -> u64 {
        ((guardian + 1) * self.families()).div_ceil(self.guardians.max(1)).saturating_sub(1)
    }

    /// School, grade and number within the grade.
    fn seat(self, student: u64) -> (u64, &'static str, u64) {
        let school = student % self.schools;
        let grades = Level::of(school, self.schools).grades();
        let within = student / self.schools;
        let count = grades.len() as u64;
        (school, grades[usize::try_from(within % count).unwrap_or(0)], within / count)
    }

    /// How many sections each grade of a school has, by the grade's number.
    fn sections(self, school: u64, grade: u64) -> u64 {
        let in_school = (self.students + self.schools - 1 - school) / self.schools;
        let grades = Level::of(school, self.schools).grades().len() as u64;
        ((in_school + grades - 1).saturating_sub(grade) / grades).div_ceil(CLASS_SIZE)
    }

    /// Staff are dealt out to schools in turn: the first of each leads it, the second teaches, of the rest one in four is an aide.
    fn staff_role(self, staff: u64) -> &'static str {
        match staff / self.schools {
            0 => "administrator",
            n if n % 5 == 4 => "aide",
            _ => "teacher",
        }
    }

    /// The teacher of a school's nth class.
    fn teacher(self, school: u64, class: u64) -> u64 {
        let rounds = (self.staff + self.schools - 1 - school) / self.schools;
        let teachers = (1..rounds).filter(|n| n % 5 != 4).count().max(1) as u64;
        let nth = class % teachers;
        // Of each five rounds four are teachers'; round 0 leads.
        let round = if nth < 3 { nth + 1 } else { (nth + 1) / 4 * 5 + (nth + 1) % 4 };
        round * self.schools + school
    }

    fn chance(self, stream: u64, n: u64) -> u64 {
        // SplitMix64: each number is a well-mixed function of seed, stream and position.
        let mut z = self.seed ^ stream.wrapping_mul(0xD6E8_FEB8_6659_FD93) ^ n.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn pick(self, stream: u64, n: u64, from: &[&'static str]) -> &'static str {
        let at = usize::try_from(self.chance(stream, n) % from.len().max(1) as u64).unwrap_or(0);
        from.get(at).copied().unwrap_or_default()
    }

    /// Three families in ten have Spanish names, and half of those speak Spanish at home.
    fn culture(self, stream: u64, n: u64) -> Culture {
        match self.chance(stream, n) % 10 {
            0..3 => SPANISH,
            3..6 => CULTURES[0],
            other => CULTURES[usize::try_from(other - 6).unwrap_or(0) % 4 + 1],
        }
    }

    fn speaks_spanish(self, stream: u64, n: u64) -> bool {
        self.chance(stream, n) % 10 < 3 && self.chance(stream + 1, n).is_multiple_of(2)
    }
}

/// Writes the district as a zip.
///
/// # Errors
/// `Invalid` for sizes that make no district; `Internal` where `out` can't be written.
pub fn write(plan: Plan, out: impl Write + Seek) -> Result<Made> {
    plan.check()?;
    let shape = Shape::of(plan);
    let mut zip = ZipWriter::new(out);
    file(&mut zip, "manifest", manifest)?;
    file(&mut zip, "orgs", |rows| orgs(shape, rows))?;
    file(&mut zip, "academicSessions", sessions)?;
    file(&mut zip, "courses", |rows| courses(shape, rows))?;
    let classes = file(&mut zip, "classes", |rows| classes(shape, rows))?;
    file(&mut zip, "users", |rows| users(shape, rows))?;
    let enrollments = file(&mut zip, "enrollments", |rows| enrollments(shape, rows))?;
    zip.finish().map_err(broken)?.flush()?;
    let Shape { schools, students, staff, guardians, .. } = shape;
    Ok(Made { schools, students, staff, guardians, classes, enrollments })
}

fn broken(cause: impl std::error::Error + Send + Sync + 'static) -> Problem {
    Problem::internal("the zip can't be written", cause)
}

/// A CSV file within the zip, and how many rows it got.
struct Rows<'a> {
    csv: csv::Writer<&'a mut dyn Write>,
    count: u64,
}

impl Rows<'_> {
    fn row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) -> Result<()> {
        self.count += 1;
        self.csv.write_record(cells).map_err(broken)
    }
}

fn file<W: Write + Seek>(zip: &mut ZipWriter<W>, name: &str, fill: impl FnOnce(&mut Rows) -> Result<()>) -> Result<u64> {
    // The same district gives the same bytes: no file carries the hour at which it was made.
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default()).large_file(true);
    zip.start_file(format!("{name}.csv"), options).map_err(broken)?;
    let mut rows = Rows { csv: csv::Writer::from_writer(zip as &mut dyn Write), count: 0 };
    fill(&mut rows)?;
    rows.csv.flush()?;
    Ok(rows.count - 1)
}

fn header(rows: &mut Rows, columns: &str) -> Result<()> {
    rows.row(["sourcedId", "status", "dateLastModified"].into_iter().chain(columns.split(',')))
}

fn manifest(rows: &mut Rows) -> Result<()> {
    rows.row(["propertyName", "value"])?;
    rows.row(["manifest.version", "1.0"])?;
    rows.row(["oneroster.version", "1.1"])?;
    for (name, mode) in [
        ("academicSessions", "bulk"),
        ("categories", "absent"),
        ("classes", "bulk"),
        ("classResources", "absent"),
        ("courses", "bulk"),
        ("courseResources", "absent"),
        ("demographics", "absent"),
        ("enrollments", "bulk"),
        ("lineItems", "absent"),
        ("orgs", "bulk"),
        ("resources", "absent"),
        ("results", "absent"),
        ("users", "bulk"),
    ] {
        rows.row([format!("file.{name}").as_str(), mode])?;
    }
    rows.row(["source.systemName", "Assent"])?;
    rows.row(["source.systemCode", "assent-generate-roster"])
}

fn school_id(school: u64) -> String {
    format!("school-{school:04}")
}

fn orgs(shape: Shape, rows: &mut Rows) -> Result<()> {
    const PLACES: [&str; 16] = [
        "Cedar Ridge",
        "Lincoln",
        "Riverbend",
        "Sojourner Truth",
        "Pine Hollow",
        "César Chávez",
        "Lakeview",
        "Roosevelt",
        "Mesa Verde",
        "Harriet Tubman",
        "Prairie Creek",
        "Sunnyside",
        "Dolores Huerta",
        "Oak Grove",
        "Frederick Douglass",
        "Stonebridge",
    ];
    header(rows, "name,type,identifier,parentSourcedId")?;
    rows.row(["district", "", "", "Made-up School District", "district", "0000001", ""])?;
    for school in 0..shape.schools {
        let place = PLACES[usize::try_from(school % 16).unwrap_or(0)];
        let again = if school < 16 { String::new() } else { format!(" {}", school / 16 + 1) };
        let name = format!("{place}{again} {}", Level::of(school, shape.schools).name());
        rows.row([&school_id(school), "", "", &name, "school", &format!("{:07}", 1000 + school), "district"])?;
    }
    Ok(())
}

fn sessions(rows: &mut Rows) -> Result<()> {
    header(rows, "title,type,startDate,endDate,parentSourcedId,schoolYear")?;
    rows.row(["2027", "", "", "2026-2027", "schoolYear", "2026-08-17", "2027-05-29", "", "2027"])?;
    rows.row(["2027-fall", "", "", "Fall 2026", "semester", "2026-08-17", "2026-12-19", "2027", "2027"])?;
    rows.row(["2027-spring", "", "", "Spring 2027", "semester", "2027-01-05", "2027-05-29", "2027", "2027"])
}

fn courses(shape: Shape, rows: &mut Rows) -> Result<()> {
    header(rows, "schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes")?;
    for (n, subject) in SUBJECTS.iter().take(shape.subjects).enumerate() {
        rows.row([format!("course-{n}").as_str(), "", "", "2027", subject, &format!("C{n:02}"), "", "district", subject, ""])?;
    }
    Ok(())
}

fn class_id(school: u64, grade: &str, subject: usize, section: u64) -> String {
    format!("class-{school:04}-{grade}-{subject}-{section}")
}

/// Every class of the district: school, grade, subject, section, and its number within the school.
fn each_class(shape: Shape, mut each: impl FnMut(u64, &'static str, usize, u64, u64) -> Result<()>) -> Result<()> {
    for school in 0..shape.schools {
        let mut nth = 0;
        for (at, grade) in Level::of(school, shape.schools).grades().iter().enumerate() {
            for section in 0..shape.sections(school, at as u64) {
                for subject in 0..shape.subjects {
                    each(school, grade, subject, section, nth)?;
                    nth += 1;
                }
            }
        }
    }
    Ok(())
}

fn classes(shape: Shape, rows: &mut Rows) -> Result<()> {
    header(rows, "title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods")?;
    each_class(shape, |school, grade, subject, section, _| {
        let name = SUBJECTS.get(subject).copied().unwrap_or_default();
        let title = format!("{name} {grade}-{}", section + 1);
        let kind = if subject == 0 { "homeroom" } else { "scheduled" };
        let (id, course, period) = (class_id(school, grade, subject, section), format!("course-{subject}"), (subject + 1).to_string());
        let code = format!("{subject}{grade}{section}");
        let terms = "2027-fall,2027-spring";
        rows.row([&id, "", "", &title, grade, &course, &code, kind, "", &school_id(school), terms, name, "", period.as_str()])
    })
}

/// One user's row.
struct User<'a> {
    id: String,
    org: String,
    role: &'a str,
    given: &'a str,
    family: &'a str,
    email: bool,
    agents: String,
    grade: &'a str,
    language: &'a str,
}

impl User<'_> {
    fn write(&self, rows: &mut Rows) -> Result<()> {
        let email = if self.email { format!("{}@district.example", self.id) } else { String::new() };
        let cells = [
            self.id.as_str(),
            "",
            "",
            "true",
            &self.org,
            self.role,
            &self.id,
            "",
            self.given,
            self.family,
            "",
            "",
            &email,
            "",
            "",
            &self.agents,
            self.grade,
            "",
            self.language,
        ];
        rows.row(cells)
    }
}

fn users(shape: Shape, rows: &mut Rows) -> Result<()> {
    header(
        rows,
        "enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,\
         password,metadata.language",
    )?;
    let language = |spanish: bool| if spanish { "es" } else { "en" };
    for n in 0..shape.staff {
        let (given, family) = shape.culture(1, n);
        let role = shape.staff_role(n);
        User {
            id: format!("staff-{n:06}"),
            org: school_id(n % shape.schools),
            role,
            given: shape.pick(3, n, given),
            family: shape.pick(4, n, family),
            // Some aides have no mailbox.
            email: role != "aide" || !shape.chance(5, n).is_multiple_of(3),
            agents: String::new(),
            grade: "",
            language: "en",
        }
        .write(rows)?;
    }
    for n in 0..shape.students {
        let (school, grade, _) = shape.seat(n);
        let family = Shape::family(n);
        let names = shape.culture(6, family);
        let (from, to) = shape.guardians_of(family);
        User {
            id: format!("student-{n:07}"),
            org: school_id(school),
            role: "student",
            given: shape.pick(8, n, names.0),
            family: shape.pick(9, family, names.1),
            // The youngest have no mailbox.
            email: !matches!(grade, "KG" | "01" | "02"),
            agents: (from..to).map(|g| format!("guardian-{g:07}")).collect::<Vec<_>>().join(","),
            grade,
            language: language(shape.speaks_spanish(6, family)),
        }
        .write(rows)?;
    }
    for n in 0..shape.guardians {
        let family = shape.family_of_guardian(n);
        let names = shape.culture(6, family);
        User {
            id: format!("guardian-{n:07}"),
            org: "district".into(),
            role: if n % 7 == 0 { "guardian" } else { "parent" },
            given: shape.pick(10, n, names.0),
            family: shape.pick(9, family, names.1),
            email: !shape.chance(11, n).is_multiple_of(8),
            agents: String::new(),
            grade: "",
            language: language(shape.speaks_spanish(6, family)),
        }
        .write(rows)?;
    }
    Ok(())
}

fn enrollments(shape: Shape, rows: &mut Rows) -> Result<()> {
    header(rows, "classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate")?;
    let mut number = 0_u64;
    let mut one = |class: &str, school: u64, user: &str, role: &str, primary: &str| {
        number += 1;
        let id = format!("enrollment-{number:08}");
        rows.row([&id, "", "", class, &school_id(school), user, role, primary, "2026-08-17", "2027-05-29"])
    };
    each_class(shape, |school, grade, subject, section, nth| {
        let teacher = format!("staff-{:06}", shape.teacher(school, nth));
        one(&class_id(school, grade, subject, section), school, &teacher, "teacher", "true")
    })?;
    for n in 0..shape.students {
        let (school, grade, within) = shape.seat(n);
        let user = format!("student-{n:07}");
        for subject in 0..shape.subjects - usize::from(n % 2 == 1) {
            one(&class_id(school, grade, subject, within / CLASS_SIZE), school, &user, "student", "")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(people: u64, seed: u64, guardians: u64) -> (Made, Vec<u8>) {
        let mut out = std::io::Cursor::new(Vec::new());
        let made = write(Plan { people, seed, guardians, ..Plan::default() }, &mut out).unwrap();
        (made, out.into_inner())
    }

    #[test]
    fn the_same_seed_makes_the_same_district() {
        assert_eq!(made(500, 7, 8).1, made(500, 7, 8).1);
        assert_ne!(made(500, 7, 8).1, made(500, 8, 8).1);
    }

    #[test]
    fn the_number_of_people_is_exact_and_the_shares_are_plausible() {
        for people in [10, 57, 2_000, 12_345] {
            let (made, _) = made(people, 1, 8);
            assert_eq!(made.students + made.staff + made.guardians, people);
        }
        let (made, _) = made(2_000, 1, 8);
        assert_eq!((made.schools, made.students, made.staff, made.guardians), (4, 1_601, 239, 160));
    }

    #[test]
    fn a_student_sits_in_as_many_classes_as_planned_or_one_fewer() {
        let mut out = std::io::Cursor::new(Vec::new());
        let plan = Plan { people: 1_000, classes: 12, ..Plan::default() };
        let made = write(plan, &mut out).unwrap();
        assert_eq!(made.enrollments - made.classes, made.students.div_ceil(2) * 12 + made.students / 2 * 11);
        assert!(Plan { classes: 13, ..plan }.check().is_err());
    }

    #[test]
    fn every_guardian_belongs_to_the_family_that_names_it_and_most_students_have_one() {
        let shape = Shape::of(Plan { people: 2_000, seed: 3, guardians: 42, ..Plan::default() });
        for family in 0..shape.families() {
            let (from, to) = shape.guardians_of(family);
            assert!((1..=2).contains(&(to - from)));
            for guardian in from..to {
                assert_eq!(shape.family_of_guardian(guardian), family);
            }
        }
    }

    #[test]
    fn classes_are_taught_by_teachers_of_their_school() {
        for people in [10, 300, 2_000, 9_999] {
            let shape = Shape::of(Plan { people, seed: 3, ..Plan::default() });
            each_class(shape, |school, _, _, _, nth| {
                let teacher = shape.teacher(school, nth);
                assert_eq!((teacher % shape.schools, shape.staff_role(teacher)), (school, "teacher"));
                assert!(teacher < shape.staff);
                Ok(())
            })
            .unwrap();
        }
    }
}
