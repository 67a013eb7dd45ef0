//! Taking times, and what stands for several of them.

use std::time::{Duration, Instant};

use assent::kernel::Result;

/// A measurement is repeated so often, unless that takes longer than [`LONGEST`].
const TIMES: usize = 50;
const LONGEST: Duration = Duration::from_secs(10);

/// How long the work takes, in seconds, and what it gives.
pub async fn seconds<T>(work: impl Future<Output = Result<T>>) -> Result<(f64, T)> {
    let began = Instant::now();
    let given = work.await?;
    Ok((began.elapsed().as_secs_f64(), given))
}

/// The median of 50 times (fewer where they take more than 10 seconds together), in milliseconds.
pub async fn median_ms(mut work: impl AsyncFnMut() -> Result<()>) -> Result<f64> {
    let began = Instant::now();
    let mut all = Vec::new();
    while all.len() < TIMES && (all.is_empty() || began.elapsed() < LONGEST) {
        all.push(seconds(work()).await?.0 * 1000.0);
    }
    Ok(median(&mut all))
}

pub fn median(times: &mut [f64]) -> f64 {
    share(times, 50)
}

/// The value below which that many percent of them lie; 0 where there is none.
pub fn share(times: &mut [f64], percent: usize) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get((times.len() * percent / 100).min(times.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// So many in so many seconds, each second.
#[allow(clippy::cast_precision_loss)] // far below 2^52
pub fn rate(number: u64, seconds: f64) -> f64 {
    number as f64 / seconds.max(f64::EPSILON)
}
