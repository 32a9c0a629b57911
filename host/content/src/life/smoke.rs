//! The smoke call: a version's own examples are called before it serves, with all that it would be given.

use std::collections::BTreeSet;

use autocontent_manifest::{Capability, Manifest};
use autocontent_runtime::Fault;
use autocontent_store::{Actor, Installed, NewNotification, NotificationKind, StoreError};

use crate::arguments;
use crate::ask::Asker;
use crate::calls::mostly_waited;
use crate::catalogue::Served;
use crate::contract::{Failure, Place, Request, Trigger};
use crate::life::OperateError;
use crate::life::error::quoted;
use crate::life::reload::Kept;
use crate::service::Content;

/// At most so many examples are called, one after the other: each may take as long as its manifest allows.
const EXAMPLES: usize = 8;
/// Items that are asked for, as with a member's command.
const LIMIT: u32 = 10;

/// How an example ended.
enum Tried {
    Passed,
    Failed {
        command: String,
        reason: String,
    },
    /// The sandbox had no room, which says nothing about the provider.
    NoRoom,
}

impl Content {
    /// Tries a version. One that fails is given up, and operators are told.
    pub(crate) async fn smoke(
        &self,
        waiting: &Installed,
        granted: &BTreeSet<Capability>,
        current: Option<&Installed>,
        actor: &Actor,
    ) -> Result<(), OperateError> {
        let kept =
            Kept { granted: [(waiting.digest.clone(), granted.clone())].into(), ..Kept::read(self.store()).await? };
        let tried = match self.ready(waiting, &kept).await {
            Ok(served) => self.try_examples(&served).await,
            Err(error) => Tried::Failed { command: String::new(), reason: error.to_string() },
        };
        let (command, reason) = match tried {
            Tried::Passed => return Ok(()),
            Tried::NoRoom => return Err(OperateError::Untried(waiting.id.clone())),
            Tried::Failed { command, reason } => (command, reason),
        };
        let serving = match current {
            Some(current) => format!("{} goes on serving", current.version),
            None => "nothing of it serves".to_owned(),
        };
        let (provider, version) = (waiting.id.clone(), waiting.version.to_string());
        let error = OperateError::Smoke { provider, version, command, reason, serving };
        self.give_up(waiting, &error.to_string(), actor).await?;
        Err(error)
    }

    async fn give_up(&self, waiting: &Installed, why: &str, actor: &Actor) -> Result<(), StoreError> {
        self.store().drop_waiting(&waiting.id, &waiting.digest, why, &self.by(actor)).await?;
        let new = NewNotification {
            kind: NotificationKind::SmokeFailed,
            provider: waiting.id.clone(),
            account: None,
            detail: why.to_owned(),
            times: 1,
            at: self.now(),
        };
        self.store().notify(new).await
    }

    async fn try_examples(&self, served: &Served) -> Tried {
        let asker = operator();
        for (command, request) in self.examples(served, &asker) {
            let reach = served.reach(&asker);
            let call = served.provider.find(&request, &reach.capabilities).await;
            let reason = match call.outcome {
                Err(Fault::Busy) => return Tried::NoRoom,
                // Its source was slow, which is no fault of the version's.
                Err(Fault::Time) if mostly_waited(&call.usage, reach.http().waited) => continue,
                Err(fault) => fault.to_string(),
                Ok(Err(Failure::Internal(reason))) => format!("it says: {}", quoted(&reason)),
                // What its source or its operator is to blame for tells nothing about the version.
                Ok(_) => continue,
            };
            return Tried::Failed { command, reason };
        }
        Tried::Passed
    }

    /// The manifest's examples as requests, each with the command as it is typed.
    fn examples(&self, served: &Served, asker: &Asker) -> Vec<(String, Request)> {
        let manifest: &Manifest = served.provider.manifest();
        let request = |example: &autocontent_manifest::Example| {
            let invocation = manifest.invocation(example.command.name())?;
            let arguments: Vec<_> =
                invocation.arguments(&example.command).ok()?.into_iter().map(arguments::from_manifest).collect();
            let request = Request {
                command: invocation.full_name(),
                arguments: self.arguments_for(&served.id, &arguments),
                trigger: Trigger::Preview,
                audience: self.audience(&served.id, asker),
                limit: LIMIT,
                cursor: None,
            };
            Some((example.command.to_string(), request))
        };
        manifest.examples.iter().take(EXAMPLES).filter_map(request).collect()
    }
}

/// Whoever tries a provider before members may.
fn operator() -> Asker {
    Asker {
        account: None,
        member: None,
        guild: None,
        channel: None,
        place: Place::BotDm,
        locale: "en-US".to_owned(),
        age_restricted: false,
        moderator: false,
    }
}
