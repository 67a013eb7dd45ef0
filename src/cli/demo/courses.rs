use crate::db::Tx;
use crate::kernel::{Actor, Day, Result};
use crate::roster::District;

pub async fn train(_tx: &mut Tx, _actor: &Actor, _district: &District, _start: Day) -> Result<()> {
    Ok(())
}
