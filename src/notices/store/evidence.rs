use crate::db::Tx;
use crate::kernel::{ObligationId, Result};
use crate::notices::evidence::Notice;
use crate::on;

pub async fn of_duty(tx: &mut Tx, duty: ObligationId) -> Result<Vec<Notice>> {
    Ok(on!(tx, |c| {
        sqlx::query_as(
            "SELECT n.kind, n.made_at,
                CASE WHEN n.state = 'lettered' THEN 'letter' WHEN n.state <> 'mailed' THEN n.state
                     WHEN m.state = 'sending' THEN 'waiting' ELSE COALESCE(m.state, 'dropped') END AS became,
                CASE WHEN n.state = 'lettered' THEN l.made_at ELSE m.ended_at END AS at,
                m.address, m.language
         FROM obligation this
         JOIN obligation o ON o.requirement_id = this.requirement_id AND o.person_id = this.person_id AND o.about_id = this.about_id
         JOIN notification n ON n.obligation_id = o.id
         LEFT JOIN mail m ON m.id = n.mail_id
         LEFT JOIN letter l ON l.id = n.letter_id
         WHERE this.id = $1 ORDER BY n.id",
        )
        .bind(duty)
        .fetch_all(c)
        .await
    })?)
}
