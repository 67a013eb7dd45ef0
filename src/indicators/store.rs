use uuid::Uuid;

use crate::db::Tx;
use crate::kernel::{Day, Moment, Result};
use crate::on;

/// How many people speak another language than the district's and are asked to answer policies, and how many of them find every
/// version in theirs (`es-MX` finds `es`).
pub async fn language_coverage(tx: &mut Tx, day: Day, own: &str) -> Result<(i64, i64)> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(g.covered), 0) AS BIGINT), COUNT(*)
         FROM (SELECT o.person_id,
                      MIN(CASE WHEN EXISTS (SELECT 1 FROM version_text t
                                            WHERE t.version_id = r.subject_id
                                              AND (LOWER(p.language) = LOWER(t.language)
                                                   OR LOWER(p.language) LIKE LOWER(t.language) || '-%'))
                               THEN 1 ELSE 0 END) AS covered
               FROM person p
               JOIN obligation o ON o.person_id = p.id AND o.ended IS NULL
               JOIN requirement r ON r.id = o.requirement_id AND r.subject_kind = 'policy' AND r.state = 'issued'
               WHERE p.joined <= $1 AND (p.left_day IS NULL OR p.left_day > $1)
                 AND p.language <> '' AND LOWER(p.language) <> LOWER(CAST($2 AS TEXT))
                 AND LOWER(p.language) NOT LIKE LOWER(CAST($2 AS TEXT)) || '-%'
               GROUP BY o.person_id) g"
    )
    .bind(day)
    .bind(own)
    .fetch_one(c)
    .await)?)
}

/// What one stakeholder group said about one adopted version; a version on which nobody commented has one row without a group.
#[derive(Debug, sqlx::FromRow)]
pub struct Heard {
    pub version: i64,
    pub slug: String,
    pub title: String,
    pub number: i64,
    pub stakeholder: Option<String>,
    pub comments: i64,
    /// Those that weren't hidden.
    pub shown: i64,
    /// Those with an answer and its reason when the version was adopted.
    pub answered: i64,
}

/// The comments on versions adopted after `from` and until `until`, by version and stakeholder group.
pub async fn heard(tx: &mut Tx, from: Day, until: Day, language: &str) -> Result<Vec<Heard>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT g.version, g.slug, COALESCE(MAX(t.title), g.slug) AS title, g.number, g.stakeholder,
                COUNT(g.comment_id) AS comments,
                COUNT(CASE WHEN g.state <> 'hidden' AND g.known THEN g.comment_id END) AS shown,
                COUNT(CASE WHEN g.answered THEN g.comment_id END) AS answered
         FROM (SELECT v.id AS version, p.slug, v.number, c.id AS comment_id, c.stakeholder, c.state,
                      (c.account_id IS NOT NULL OR c.stakeholder = 'community') AS known,
                      EXISTS (SELECT 1 FROM disposition d
                              WHERE d.comment_id = c.id AND d.reason <> '' AND d.at <= v.adopted_at) AS answered
               FROM policy_version v
               JOIN policy p ON p.id = v.policy_id
               LEFT JOIN feedback_comment c ON c.version_id = v.id
               WHERE v.adopted_day > $1 AND v.adopted_day <= $2) g
         LEFT JOIN version_text t ON t.version_id = g.version AND t.language = $3
         GROUP BY g.version, g.slug, g.number, g.stakeholder
         ORDER BY g.slug, g.number, g.stakeholder"
    )
    .bind(from)
    .bind(until)
    .bind(language)
    .fetch_all(c)
    .await)?)
}

/// A published version and its policy's review cycle.
#[derive(Debug, sqlx::FromRow)]
pub struct Published {
    pub slug: String,
    pub title: String,
    pub number: i64,
    pub effective: Day,
    pub withdrawn_day: Option<Day>,
    pub review_months: i64,
    pub last_review: Option<Day>,
    pub next_review: Option<Day>,
}

/// Every version that was in force at some time until `day`, by policy, the latest first.
pub async fn published(tx: &mut Tx, day: Day, language: &str) -> Result<Vec<Published>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT p.slug, COALESCE(t.title, p.slug) AS title, v.number, v.effective, v.withdrawn_day, p.review_months, p.last_review,
                p.next_review
         FROM policy p
         JOIN policy_version v ON v.policy_id = p.id
         LEFT JOIN version_text t ON t.version_id = v.id AND t.language = $2
         WHERE v.published_at IS NOT NULL AND v.effective <= $1 AND (v.withdrawn_day IS NULL OR v.withdrawn_day > v.effective)
         ORDER BY p.slug, v.effective DESC, v.number DESC"
    )
    .bind(day)
    .bind(language)
    .fetch_all(c)
    .await)?)
}

/// Uid and title of the requirements of a kind (policy, course) that are issued.
pub async fn issued(tx: &mut Tx, kind: &str, day: Day) -> Result<Vec<(Uuid, String)>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT uid, title FROM requirement WHERE subject_kind = $1 AND state = 'issued' AND issued_day <= $2 ORDER BY title, id"
    )
    .bind(kind)
    .bind(day)
    .fetch_all(c)
    .await)?)
}

/// A course duty of somebody who joined after the requirement was issued, over all its rows: a duty that moved goes on in another.
#[derive(Debug, sqlx::FromRow)]
pub struct Newcomers {
    /// Duties that are completed or more than 30 days old.
    pub duties: i64,
    /// Those completed within 30 days.
    pub in_time: i64,
    pub people: i64,
}

/// Newcomers' course duties opened after `from`, until `until`. A duty that ended (somebody left, a newer version asks) before its 30
/// days were over, and uncompleted, says nothing and is left out; so is an exempt one.
pub async fn newcomers(tx: &mut Tx, from: Day, until: Day) -> Result<Newcomers> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT COUNT(*) AS duties, COUNT(CASE WHEN g.completed <= g.opened + 30 THEN 1 END) AS in_time,
                COUNT(DISTINCT g.person_id) AS people
         FROM (SELECT o.person_id, MIN(o.opened) AS opened,
                      MIN(CASE WHEN o.state = 'fulfilled' AND o.closed <= $2 THEN o.closed END) AS completed,
                      MAX(CASE WHEN o.state = 'exempt' AND o.ended IS NULL THEN 1 ELSE 0 END) AS exempt,
                      MAX(COALESCE(o.ended, $2)) AS until
               FROM obligation o
               JOIN requirement r ON r.id = o.requirement_id AND r.subject_kind = 'course'
               JOIN person p ON p.id = o.person_id
               WHERE r.issued_day IS NOT NULL AND p.joined > r.issued_day AND o.opened > r.issued_day AND o.opened >= p.joined
                 AND o.opened <= $2
               GROUP BY o.requirement_id, o.person_id, o.about_id) g
         WHERE g.opened > $1 AND g.exempt = 0 AND (g.completed IS NOT NULL OR g.until > g.opened + 30)"
    )
    .bind(from)
    .bind(until)
    .fetch_one(c)
    .await)?)
}

/// A course that is given.
#[derive(Debug, sqlx::FromRow)]
pub struct Given {
    pub slug: String,
    pub topic: String,
    pub audience: String,
    pub published_at: Moment,
    /// The day it was last published or looked at and found good.
    pub last_review: Option<Day>,
}

/// Every course with a published version.
pub async fn given(tx: &mut Tx) -> Result<Vec<Given>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT k.slug, k.topic, k.audience, v.published_at, k.last_review
         FROM course k
         JOIN course_version v ON v.course_id = k.id AND v.state = 'published' AND v.published_at IS NOT NULL
         ORDER BY k.slug"
    )
    .fetch_all(c)
    .await)?)
}

/// Whether any course that was ever published covers one of CIPA's topics.
pub async fn covers_cipa(tx: &mut Tx) -> Result<bool> {
    let found: i64 =
        on!(tx, |c| sqlx::query_scalar("SELECT COUNT(*) FROM course_version WHERE state <> 'draft' AND cipa_topics LIKE '%\"%'")
            .fetch_one(c)
            .await)?;
    Ok(found > 0)
}

/// Students on the roster on `day` who are under 17, and those of them who in that time passed courses that together cover the three
/// topics. Where the day of turning 17 isn't stored, whoever is neither in grade 12 nor beyond it counts as under 17.
pub async fn minors_taught(tx: &mut Tx, day: Day, from: Moment, before: Moment) -> Result<(i64, i64)> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT COUNT(CASE WHEN t.topics = 3 THEN 1 END), COUNT(*)
         FROM person p
         LEFT JOIN (SELECT COALESCE(w.same_as, w.id) AS person_id,
                           MAX(CASE WHEN v.cipa_topics LIKE '%\"social-networking\"%' THEN 1 ELSE 0 END)
                           + MAX(CASE WHEN v.cipa_topics LIKE '%\"chat-rooms\"%' THEN 1 ELSE 0 END)
                           + MAX(CASE WHEN v.cipa_topics LIKE '%\"cyberbullying\"%' THEN 1 ELSE 0 END) AS topics
                    FROM course_completed a
                    JOIN person w ON w.id = a.person_id
                    JOIN course_version v ON v.id = a.version_id
                    WHERE a.at >= $2 AND a.at < $3
                    GROUP BY COALESCE(w.same_as, w.id)) t ON t.person_id = p.id
         WHERE p.role = 'student' AND p.same_as IS NULL AND p.joined <= $1 AND (p.left_day IS NULL OR p.left_day > $1)
           AND CASE WHEN p.turns_17 IS NOT NULL THEN p.turns_17 > $1 ELSE COALESCE(p.grade, '') NOT IN ('12', '13', 'PS') END"
    )
    .bind(day)
    .bind(from)
    .bind(before)
    .fetch_one(c)
    .await)?)
}

/// People who finished an attempt in that time, and those whose last one scored 80 or more on each course they finished.
pub async fn mastered(tx: &mut Tx, from: Moment, before: Moment) -> Result<(i64, i64)> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT COUNT(CASE WHEN g.lowest >= 80 THEN 1 END), COUNT(*)
         FROM (SELECT l.person_id, MIN(l.score) AS lowest
               FROM (SELECT a.person_id, COALESCE(a.score, 0) AS score,
                            ROW_NUMBER() OVER (PARTITION BY a.person_id, v.course_id ORDER BY a.finished_at DESC, a.id DESC) AS nth
                     FROM attempt a
                     JOIN course_version v ON v.id = a.version_id
                     WHERE a.finished_at >= $1 AND a.finished_at < $2) l
               WHERE l.nth = 1
               GROUP BY l.person_id) g"
    )
    .bind(from)
    .bind(before)
    .fetch_one(c)
    .await)?)
}
