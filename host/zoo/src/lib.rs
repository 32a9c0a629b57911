//! The hostile zoo: for each misdeed that a provider could try, a small guest or manifest, and how it must end.
//!
//! The cases stand in `cases/`, one folder each; README.md says what is in one. [`Zoo::open`] makes a whole host of real
//! parts for them in this process (sandbox, store, content service, bot, simulated Discord), and [`Zoo::run_round`]
//! meets every misdeed once and tells of each whether it ended as it must. Beside them lives a healthy provider,
//! [`Zoo::ask_healthy`], which must never notice.
//!
//! - `case`: a case as it stands in its folder
//! - `component`, `bytes`: from its source to what somebody would upload
//! - `house`: the host that the misdeeds are met in
//! - `outside`, `upstream`: what a misdeed can reach: the gate, and a web server that means no good
//! - `meeting`: one misdeed at the step where it must be met
//! - `verdict`: whether it ended so

mod bytes;
mod case;
mod component;
mod house;
mod meeting;
mod outside;
mod upstream;
mod verdict;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::case::{Case, Stage};
use crate::component::Workshop;
use crate::house::House;
pub use crate::house::Setup;
use crate::meeting::Exhibit;
pub use crate::verdict::Report;

/// Every misdeed, and a host to meet them.
pub struct Zoo {
    exhibits: Vec<Exhibit>,
    house: House,
}

impl Zoo {
    /// Makes a component of each case, opens a host, and installs in it those that should get as far as being asked.
    ///
    /// # Errors
    /// Where a case can't be read or built, a part of the host doesn't start, or a component that only misbehaves when
    /// it is asked is refused.
    pub async fn open(setup: Setup) -> Result<Zoo> {
        let cases = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/cases"));
        let workshop = Workshop::new(cases)?;
        let mut house = House::open(setup).await?;
        let mut exhibits = Vec::new();
        for case in Case::all(cases)? {
            let name = case.name.clone();
            let exhibit = Exhibit::new(case, &workshop, &house).await.with_context(|| name)?;
            exhibits.push(exhibit);
        }
        let shown = exhibits.iter().filter(|one| one.case.expected.stage == Stage::Render);
        house.serve(shown.map(|one| one.case.name.as_str()).collect()).await?;
        Ok(Zoo { exhibits, house })
    }

    /// Meets every misdeed once, one after the other.
    pub async fn run_round(&self) -> Vec<Report> {
        let mut reports = Vec::new();
        for exhibit in &self.exhibits {
            reports.extend(exhibit.meet(&self.house).await);
        }
        reports
    }

    /// As [`Zoo::run_round`], of the cases whose name has this in it.
    pub async fn run_some(&self, name: &str) -> Vec<Report> {
        let mut reports = Vec::new();
        for exhibit in self.exhibits.iter().filter(|one| one.case.name.contains(name)) {
            reports.extend(exhibit.meet(&self.house).await);
        }
        reports
    }

    /// How many cases there are, by what they are written in.
    #[must_use]
    pub fn languages(&self) -> BTreeMap<&'static str, usize> {
        let mut languages = BTreeMap::new();
        for exhibit in &self.exhibits {
            *languages.entry(exhibit.case.language()).or_default() += 1;
        }
        languages
    }

    /// Asks the healthy provider as a member would, and says how long it took.
    ///
    /// # Errors
    /// Where it doesn't answer as it always does.
    pub async fn ask_healthy(&self) -> Result<Duration> {
        self.house.ask_healthy().await
    }
}
