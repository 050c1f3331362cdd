//! maildeskd is killed with SIGKILL at random moments while mail comes in. Nothing is lost, nothing is doubled.
//!
//! `MAILDESK_CRASH_SEED` repeats the letters and moments of a run, `MAILDESK_KILLS` changes how often it is killed.

mod aftermath;
mod letters;

use aftermath::Aftermath;
use anyhow::{Context, Result, ensure};
use letters::{LETTERS, Letters};
use maildesk_tests::Testbed;
use maildesk_tests::random::Random;
use maildesk_tests::settings::desk_settings;
use maildesk_tests::wait::{eventually, until_moment};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::{Duration, Instant};

const KILLS: usize = 50;
/// Once it answers, a life ends within this time: while it polls, commits, flags or sends.
/// Where machine and build are too slow to finish anything in it, lives get longer.
const LIFE_MS: u64 = 1200;
const LONGEST_LIFE_MS: u64 = 4_000;
/// Each so many lives ends while it starts.
const BORN_DEAD: usize = 5;
const LONGEST_START_MS: u64 = 300;
const SOON: Duration = Duration::from_secs(20);
/// For the last life, which finishes what all others left.
const IN_THE_END: Duration = Duration::from_secs(120);

#[tokio::test]
async fn kill_dash_nine_at_random_moments_loses_and_doubles_nothing() -> Result<()> {
    let seed = from_environment("MAILDESK_CRASH_SEED")?.unwrap_or_else(any_seed);
    let kills = usize::try_from(from_environment("MAILDESK_KILLS")?.unwrap_or(KILLS as u64))?.max(1);
    println!("MAILDESK_CRASH_SEED={seed} MAILDESK_KILLS={kills}");
    let mut random = Random::new(seed);
    let start = Instant::now();

    let bed = Testbed::start().await?;
    let (mut daemon, cli) = bed.daemon_with(desk_settings(&bed).without_loop_guard().text()).await?;
    // Mail that comes after the first contact with the empty mailbox is acknowledged.
    eventually(SOON, "the first contact", async || daemon.log_tail(100).contains("first contact")).await?;
    daemon.kill_hard()?;

    let letters = Letters::new(seed);
    let desk = bed.mailbox("desk");
    let (mut seeded, mut unread, mut longest_life) = (0, 0, LIFE_MS);
    for life in 1..=kills {
        // Some mail is there when it starts, some comes while it lives.
        let all = LETTERS * life / kills;
        let half = seeded + (all - seeded) / 2;
        desk.seed(letters.range(seeded..half))?;
        let longest = if life % BORN_DEAD == 0 { LONGEST_START_MS } else { longest_life };
        let end = Duration::from_millis(random.below(longest));
        if life % BORN_DEAD == 0 {
            daemon.spawn_again()?;
        } else {
            daemon.start_again().await?;
        }
        until_moment(end / 2).await;
        desk.seed(letters.range(half..all))?;
        until_moment(end / 2).await;
        daemon.kill_hard().with_context(|| format!("life {life} had ended by itself\n{}", daemon.log_tail(20)))?;
        let still_unread = desk.counts().await?.unseen as usize;
        if still_unread == unread + all - seeded {
            longest_life = (longest_life * 3 / 2).min(LONGEST_LIFE_MS);
        }
        (seeded, unread) = (all, still_unread);
    }
    println!("{kills} kills in {:.1} s, {unread} mails still unread", start.elapsed().as_secs_f64());
    // Otherwise no kill met any work, and the run says nothing.
    ensure!(unread < LETTERS, "no mail was judged before the last kill");

    daemon.start_again().await?;
    let settled = async || {
        let counts = cli.json(&["status"]).await?["data"]["counts"].take();
        let unseen = desk.counts().await?.unseen;
        let done = unseen == 0 && counts["outbox_due"] == 0 && counts["mails"].as_u64() >= Some(LETTERS as u64);
        if done { Ok(counts) } else { Err(anyhow::anyhow!("{unseen} unread, {counts}")) }
    };
    let counts = eventually(IN_THE_END, "everything taken in and sent", async || settled().await.map(Some)).await?;
    let aftermath = Aftermath::of(&bed, &daemon, &cli, &letters).await?;
    println!("{aftermath}; {:.1} s in all", start.elapsed().as_secs_f64());
    aftermath.check(&counts)
}

fn from_environment(name: &str) -> Result<Option<u64>> {
    match std::env::var(name) {
        Ok(number) => Ok(Some(number.parse().with_context(|| format!("{name}={number} is no number"))?)),
        Err(_) => Ok(None),
    }
}

/// A seed for a run that nobody asked to repeat; short enough to be typed.
fn any_seed() -> u64 {
    RandomState::new().build_hasher().finish() % 1_000_000
}
