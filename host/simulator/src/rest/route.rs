//! Which route a method and a path name.

use axum::http::Method;

use super::error::ApiError;
use crate::{
    Endpoint, Snowflake,
    validate::{Path, Problems},
};

/// A route with the ids from its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Route<'a> {
    pub(crate) endpoint: Endpoint,
    pub(crate) owner: Owner<'a>,
    /// The command or message; none for lists, new ones and `@original`.
    pub(crate) object: Option<Snowflake>,
}

/// Whose thing it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner<'a> {
    /// The bot that asks.
    Asker,
    Application(Snowflake),
    Channel(Snowflake),
    Interaction {
        id: Snowflake,
        token: &'a str,
    },
    Webhook {
        application: Snowflake,
        token: &'a str,
    },
}

/// Reads a path; `/api/v10` and `/api` are the same.
pub(crate) fn parse<'a>(method: &Method, path: &'a str) -> Result<Route<'a>, ApiError> {
    let path = path.strip_prefix("/api").ok_or_else(ApiError::no_such_route)?;
    let path = path.strip_prefix("/v10").unwrap_or(path);
    let mut segments = [""; 6];
    let mut count = 0;
    for segment in path.trim_matches('/').split('/') {
        *segments.get_mut(count).ok_or_else(ApiError::no_such_route)? = segment;
        count += 1;
    }
    let asker = |endpoint| Ok(Route { endpoint, owner: Owner::Asker, object: None });
    let (owner, object, by_method): (Owner<'_>, Option<Snowflake>, &[(Method, Endpoint)]) = match segments
        .get(..count)
        .unwrap_or_default()
    {
        ["gateway"] => return only(method, &Method::GET, || asker(Endpoint::GetGateway)),
        ["gateway", "bot"] => return only(method, &Method::GET, || asker(Endpoint::GetGatewayBot)),
        ["users", "@me"] => return only(method, &Method::GET, || asker(Endpoint::GetCurrentUser)),
        ["users", "@me", "channels"] => return only(method, &Method::POST, || asker(Endpoint::CreateDm)),
        ["applications", "@me"] => (
            Owner::Asker,
            None,
            &[(Method::GET, Endpoint::GetCurrentApplication), (Method::PATCH, Endpoint::EditCurrentApplication)],
        ),
        ["applications", application, "commands"] => (
            Owner::Application(id(application)?),
            None,
            &[
                (Method::GET, Endpoint::ListCommands),
                (Method::POST, Endpoint::CreateCommand),
                (Method::PUT, Endpoint::OverwriteCommands),
            ],
        ),
        ["applications", application, "commands", command] => (
            Owner::Application(id(application)?),
            Some(id(command)?),
            &[
                (Method::GET, Endpoint::GetCommand),
                (Method::PATCH, Endpoint::EditCommand),
                (Method::DELETE, Endpoint::DeleteCommand),
            ],
        ),
        ["interactions", interaction, token, "callback"] => (
            Owner::Interaction { id: id(interaction)?, token },
            None,
            &[(Method::POST, Endpoint::CreateInteractionResponse)],
        ),
        ["webhooks", application, token] => {
            (Owner::Webhook { application: id(application)?, token }, None, &[(Method::POST, Endpoint::CreateFollowup)])
        }
        ["webhooks", application, token, "messages", "@original" | "%40original"] => (
            Owner::Webhook { application: id(application)?, token },
            None,
            &[
                (Method::GET, Endpoint::GetOriginal),
                (Method::PATCH, Endpoint::EditOriginal),
                (Method::DELETE, Endpoint::DeleteOriginal),
            ],
        ),
        ["webhooks", application, token, "messages", message] => (
            Owner::Webhook { application: id(application)?, token },
            Some(id(message)?),
            &[
                (Method::GET, Endpoint::GetFollowup),
                (Method::PATCH, Endpoint::EditFollowup),
                (Method::DELETE, Endpoint::DeleteFollowup),
            ],
        ),
        ["channels", channel, "messages"] => (
            Owner::Channel(id(channel)?),
            None,
            &[(Method::GET, Endpoint::ListMessages), (Method::POST, Endpoint::CreateMessage)],
        ),
        ["channels", channel, "messages", message] => (
            Owner::Channel(id(channel)?),
            Some(id(message)?),
            &[
                (Method::GET, Endpoint::GetMessage),
                (Method::PATCH, Endpoint::EditMessage),
                (Method::DELETE, Endpoint::DeleteMessage),
            ],
        ),
        _ => return Err(ApiError::no_such_route()),
    };
    let found = by_method.iter().find(|(served, _)| served == method);
    let (_, endpoint) = found.ok_or_else(ApiError::wrong_method)?;
    Ok(Route { endpoint: *endpoint, owner, object })
}

fn only<'a>(
    method: &Method,
    served: &Method,
    route: impl FnOnce() -> Result<Route<'a>, ApiError>,
) -> Result<Route<'a>, ApiError> {
    if method == served { route() } else { Err(ApiError::wrong_method()) }
}

fn id(text: &str) -> Result<Snowflake, ApiError> {
    text.parse().map_err(|_| {
        let mut problems = Problems::default();
        problems.add(&Path::ROOT.key("id"), "NUMBER_TYPE_COERCE", format!("Value \"{text}\" is not snowflake."));
        ApiError::invalid_form(problems)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_with_and_without_the_version_name_the_same_route() {
        let expected = Route {
            endpoint: Endpoint::EditOriginal,
            owner: Owner::Webhook { application: Snowflake::new(1), token: "t" },
            object: None,
        };
        for path in ["/api/v10/webhooks/1/t/messages/@original", "/api/webhooks/1/t/messages/%40original"] {
            assert_eq!(parse(&Method::PATCH, path), Ok(expected));
        }
    }

    #[test]
    fn what_is_no_route_is_told_apart_from_a_wrong_method() {
        assert_eq!(parse(&Method::GET, "/api/v10/nothing"), Err(ApiError::no_such_route()));
        assert_eq!(parse(&Method::GET, "/api/v10/a/b/c/d/e/f/g"), Err(ApiError::no_such_route()));
        assert_eq!(parse(&Method::PUT, "/api/v10/gateway"), Err(ApiError::wrong_method()));
        let bad_id = parse(&Method::GET, "/api/v10/applications/x/commands").expect_err("no id");
        assert_eq!(bad_id.body["code"], 50_035);
    }
}
