//! People for a story: schools, students, teachers, guardians, classes, accounts. Rows are written as an import would leave them; what
//! follows for duties is asked for with [`World::follow`].

use assent::identity;
use assent::kernel::{AccountId, Actor, OrgId, PersonId, Role, SectionId};
use assent::obligations::{self, Cause, CauseKind};
use assent::on;
use assent::roster::Changes;
use uuid::Uuid;

use super::{World, day};

/// A school of the story.
#[derive(Debug, Clone)]
pub struct School {
    pub id: OrgId,
    pub uid: Uuid,
    pub name: String,
}

/// A person of the story.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: PersonId,
    pub uid: Uuid,
    pub name: String,
}

impl World {
    /// A school under the district.
    pub async fn school(&self, name: &str) -> School {
        let mut tx = self.write().await;
        let uid = tx.uid();
        let root = self.district.root;
        let id: OrgId =
            on!(tx, |c| sqlx::query_scalar("INSERT INTO org (uid, kind, name, parent_id) VALUES ($1, 'school', $2, $3) RETURNING id")
                .bind(uid)
                .bind(name)
                .bind(root)
                .fetch_one(c)
                .await)
            .unwrap();
        on!(tx, |c| sqlx::query("INSERT INTO org_above (org_id, above_id) VALUES ($1, $1), ($1, $2)")
            .bind(id)
            .bind(root)
            .execute(c)
            .await
            .map(drop))
        .unwrap();
        tx.commit().await.unwrap();
        School { id, uid, name: name.to_owned() }
    }

    pub async fn student(&self, school: &School, name: &str, grade: &str) -> Person {
        self.person(Some(school), name, "student", Some(grade)).await
    }

    pub async fn teacher(&self, school: &School, name: &str) -> Person {
        self.person(Some(school), name, "teacher", None).await
    }

    pub async fn school_leader(&self, school: &School, name: &str) -> Person {
        self.person(Some(school), name, "school_leader", None).await
    }

    pub async fn guardian(&self, name: &str, children: &[&Person]) -> Person {
        let guardian = self.person(None, name, "guardian", None).await;
        let mut tx = self.write().await;
        for child in children {
            on!(tx, |c| sqlx::query("INSERT INTO guardianship (guardian_id, child_id) VALUES ($1, $2)")
                .bind(guardian.id)
                .bind(child.id)
                .execute(c)
                .await
                .map(drop))
            .unwrap();
        }
        tx.commit().await.unwrap();
        guardian
    }

    /// Somebody who has been there since 1 August 2025. The e-mail address is made of the name.
    pub async fn person(&self, school: Option<&School>, name: &str, role: &str, grade: Option<&str>) -> Person {
        let (given, family) = name.split_once(' ').unwrap_or((name, "Nobody"));
        let email = format!("{}@example.org", name.to_lowercase().replace(' ', "."));
        let mut tx = self.write().await;
        let uid = tx.uid();
        let id: PersonId = on!(tx, |c| sqlx::query_scalar(
            "INSERT INTO person (uid, given, family, email, language, role, grade, school_id, joined)
             VALUES ($1, $2, $3, $4, 'en', $5, $6, $7, $8) RETURNING id"
        )
        .bind(uid)
        .bind(given)
        .bind(family)
        .bind(&email)
        .bind(role)
        .bind(grade)
        .bind(school.map(|s| s.id))
        .bind(day("2025-08-01"))
        .fetch_one(c)
        .await)
        .unwrap();
        if let Some(school) = school {
            on!(tx, |c| sqlx::query("INSERT INTO position (person_id, org_id, role, is_primary, began) VALUES ($1, $2, $3, TRUE, $4)")
                .bind(id)
                .bind(school.id)
                .bind(role)
                .bind(day("2025-08-01"))
                .execute(c)
                .await
                .map(drop))
            .unwrap();
        }
        tx.commit().await.unwrap();
        Person { id, uid, name: name.to_owned() }
    }

    pub async fn section(&self, school: &School, title: &str, teacher: &Person, students: &[&Person]) -> SectionId {
        let mut tx = self.write().await;
        let uid = tx.uid();
        let id: SectionId = on!(tx, |c| sqlx::query_scalar(
            "INSERT INTO section (uid, title, kind, school_id) VALUES ($1, $2, 'scheduled', $3) RETURNING id"
        )
        .bind(uid)
        .bind(title)
        .bind(school.id)
        .fetch_one(c)
        .await)
        .unwrap();
        let members = students.iter().map(|s| (s.id, "student")).chain([(teacher.id, "teacher")]);
        for (person, role) in members {
            on!(tx, |c| sqlx::query("INSERT INTO enrollment (section_id, person_id, role) VALUES ($1, $2, $3)")
                .bind(id)
                .bind(person)
                .bind(role)
                .execute(c)
                .await
                .map(drop))
            .unwrap();
        }
        tx.commit().await.unwrap();
        id
    }

    /// The person's account, without a password.
    pub async fn account(&self, person: &Person) -> AccountId {
        self.insert_account(&person.name, Some(person.id), &[]).await
    }

    /// An account of nobody on the roster, with that role over the whole district.
    pub async fn granted(&self, name: &str, role: Role) -> AccountId {
        self.insert_account(name, None, &[role]).await
    }

    /// The person's account, with another role over the whole district beside those of the roster.
    pub async fn account_with(&self, person: &Person, role: Role) -> AccountId {
        self.insert_account(&person.name, Some(person.id), &[role]).await
    }

    async fn insert_account(&self, name: &str, person: Option<PersonId>, roles: &[Role]) -> AccountId {
        let mut tx = self.write().await;
        let new = identity::accounts::NewAccount {
            login: name.to_lowercase().replace(' ', "."),
            name: name.to_owned(),
            person,
            password: None,
            roles: roles.iter().map(|r| (*r, self.district.root)).collect(),
            last_day: roles.contains(&Role::Auditor).then(|| day("2030-06-30")),
        };
        let id = identity::accounts::add(&mut tx, &self.operator(), new).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// Whom the account stands for today.
    pub async fn actor(&self, account: AccountId) -> Actor {
        let mut tx = self.read().await;
        let today = self.district.today(tx.now());
        identity::actor(&mut tx, account, today).await.unwrap().unwrap()
    }

    /// The person goes to another school today.
    pub async fn moves(&self, person: &Person, to: &School) {
        let mut tx = self.write().await;
        on!(tx, |c| sqlx::query("UPDATE position SET org_id = $2 WHERE person_id = $1 AND is_primary = TRUE")
            .bind(person.id)
            .bind(to.id)
            .execute(c)
            .await
            .map(drop))
        .unwrap();
        on!(tx, |c| sqlx::query("UPDATE person SET school_id = $2 WHERE id = $1").bind(person.id).bind(to.id).execute(c).await.map(drop))
            .unwrap();
        tx.commit().await.unwrap();
        self.follow(&[person]).await;
    }

    /// The person is on the roster no more, since today.
    pub async fn leaves(&self, person: &Person) {
        let mut tx = self.write().await;
        let today = self.district.today(tx.now());
        on!(tx, |c| sqlx::query("UPDATE person SET left_day = $2 WHERE id = $1").bind(person.id).bind(today).execute(c).await.map(drop))
            .unwrap();
        tx.commit().await.unwrap();
        self.follow(&[person]).await;
    }

    /// The person is on the roster again, since today.
    pub async fn returns(&self, person: &Person) {
        let mut tx = self.write().await;
        let today = self.district.today(tx.now());
        on!(tx, |c| sqlx::query("UPDATE person SET left_day = NULL, joined = $2 WHERE id = $1")
            .bind(person.id)
            .bind(today)
            .execute(c)
            .await
            .map(drop))
        .unwrap();
        tx.commit().await.unwrap();
        self.follow(&[person]).await;
    }

    /// Since when the person is on the roster; duties don't follow by themselves.
    pub async fn joined(&self, person: &Person, date: &str) {
        self.set_day(person, "UPDATE person SET joined = $2 WHERE id = $1", date).await;
    }

    pub async fn turns_18(&self, person: &Person, date: &str) {
        self.set_day(person, "UPDATE person SET turns_18 = $2 WHERE id = $1", date).await;
    }

    async fn set_day(&self, person: &Person, statement: &'static str, date: &str) {
        let mut tx = self.write().await;
        on!(tx, |c| sqlx::query(statement).bind(person.id).bind(day(date)).execute(c).await.map(drop)).unwrap();
        tx.commit().await.unwrap();
    }

    /// Duties follow the roster for these people.
    pub async fn follow(&self, people: &[&Person]) {
        let mut tx = self.write().await;
        let changes = Changes { people: people.iter().map(|p| p.id).collect() };
        obligations::follow(&mut tx, &self.operator(), &self.district, changes, Cause::of(CauseKind::Person, "")).await.unwrap();
        tx.commit().await.unwrap();
    }
}
