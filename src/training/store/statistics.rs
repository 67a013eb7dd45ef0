use super::json;
use crate::db::Tx;
use crate::kernel::{CourseVersionId, Result};
use crate::on;
use crate::training::statistics::Sums;

/// The first attempt at a version that each person finished. $1 the version.
macro_rules! first {
    () => {
        "first AS (SELECT id FROM (SELECT a.id, ROW_NUMBER() OVER (PARTITION BY COALESCE(p.same_as, p.id) ORDER BY a.finished_at, a.id) AS nth
                                   FROM attempt a JOIN person p ON p.id = a.person_id
                                   WHERE a.version_id = $1 AND a.finished_at IS NOT NULL) AS finished WHERE nth = 1)"
    };
}

pub async fn sums(tx: &mut Tx, version: CourseVersionId) -> Result<Vec<Sums>> {
    Ok(on!(tx, |c| sqlx::query_as(concat!(
        "WITH ",
        first!(),
        ", whole AS (SELECT w.attempt_id, SUM(CASE WHEN w.is_right THEN 1 ELSE 0 END) AS total
                     FROM attempt_answer w JOIN first ON first.id = w.attempt_id GROUP BY w.attempt_id),
             each_one AS (SELECT n.question_id, CASE WHEN n.is_right THEN 1 ELSE 0 END AS r,
                                 whole.total - CASE WHEN n.is_right THEN 1 ELSE 0 END AS rest
                          FROM attempt_answer n JOIN whole ON whole.attempt_id = n.attempt_id)
         SELECT question_id, COUNT(*) AS people, CAST(SUM(r) AS BIGINT) AS \"right\", CAST(SUM(rest) AS BIGINT) AS rest,
                CAST(SUM(rest * rest) AS BIGINT) AS rest_squared, CAST(SUM(r * rest) AS BIGINT) AS rest_of_right
         FROM each_one GROUP BY question_id"
    ))
    .bind(version)
    .fetch_all(c)
    .await)?)
}

/// Question, places chosen together (from 0, as written), and by how many.
pub async fn chosen(tx: &mut Tx, version: CourseVersionId) -> Result<Vec<(String, Vec<usize>, i64)>> {
    let rows: Vec<(String, String, i64)> = on!(tx, |c| sqlx::query_as(concat!(
        "WITH ",
        first!(),
        " SELECT n.question_id, n.choices, COUNT(*) FROM attempt_answer n JOIN first ON first.id = n.attempt_id
          GROUP BY n.question_id, n.choices"
    ))
    .bind(version)
    .fetch_all(c)
    .await)?;
    rows.into_iter().map(|(id, places, people)| Ok((id, json("attempt_answer.choices", &places)?, people))).collect()
}
