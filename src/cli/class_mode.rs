//! `assent class-mode`: up to which grade children who can't read yet may answer in class.

use clap::Args;

use super::Office;
use crate::acknowledgments::class;
use crate::kernel::Result;

#[derive(Debug, Args)]
pub struct ClassMode {
    /// The last grade that may: PK, KG, 01 … 12, or `none`; without it, says what holds
    #[arg(long, value_name = "GRADE")]
    through: Option<String>,
}

pub async fn run(office: &Office, args: ClassMode) -> Result<()> {
    let mut tx = office.write().await?;
    let (_, operator) = office.desk(&mut tx).await?;
    if let Some(grade) = &args.through {
        class::set_through(&mut tx, &operator, if grade == "none" { "" } else { grade }).await?;
    }
    let through = class::through(&mut tx).await?;
    tx.commit().await?;
    office.print(&serde_json::json!({ "through": through }), || match through.as_str() {
        "" => "No child answers in class.".to_owned(),
        grade => format!("Children up to grade {grade} may answer in class, with their teacher standing by."),
    })
}
