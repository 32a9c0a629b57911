//! What the API answers when it refuses.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::validate::Problems;

/// A refusal: a status and Discord's error body.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
}

impl ApiError {
    fn new(status: StatusCode, code: u32, message: &str) -> ApiError {
        ApiError { status, body: json!({ "message": message, "code": code }) }
    }

    /// A refusal with a code of Discord's own, beyond the HTTP status.
    pub(crate) fn coded(status: StatusCode, code: u32, message: &str) -> ApiError {
        ApiError::new(status, code, message)
    }

    pub(crate) fn unauthorized() -> ApiError {
        ApiError::new(StatusCode::UNAUTHORIZED, 0, "401: Unauthorized")
    }

    pub(crate) fn no_such_route() -> ApiError {
        ApiError::new(StatusCode::NOT_FOUND, 0, "404: Not Found")
    }

    pub(crate) fn wrong_method() -> ApiError {
        ApiError::new(StatusCode::METHOD_NOT_ALLOWED, 0, "405: Method Not Allowed")
    }

    pub(crate) fn unknown_application() -> ApiError {
        ApiError::new(StatusCode::NOT_FOUND, 10_002, "Unknown Application")
    }

    pub(crate) fn unknown_channel() -> ApiError {
        ApiError::new(StatusCode::NOT_FOUND, 10_003, "Unknown Channel")
    }

    pub(crate) fn unknown_message() -> ApiError {
        ApiError::new(StatusCode::NOT_FOUND, 10_008, "Unknown Message")
    }

    pub(crate) fn unknown_webhook() -> ApiError {
        ApiError::new(StatusCode::NOT_FOUND, 10_015, "Unknown Webhook")
    }

    pub(crate) fn unknown_interaction() -> ApiError {
        ApiError::new(StatusCode::NOT_FOUND, 10_062, "Unknown interaction")
    }

    pub(crate) fn unknown_command() -> ApiError {
        ApiError::new(StatusCode::NOT_FOUND, 10_063, "Unknown application command")
    }

    pub(crate) fn too_large() -> ApiError {
        ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, 40_005, "Request entity too large")
    }

    pub(crate) fn already_acknowledged() -> ApiError {
        ApiError::new(StatusCode::BAD_REQUEST, 40_060, "Interaction has already been acknowledged.")
    }

    pub(crate) fn empty_message() -> ApiError {
        ApiError::new(StatusCode::BAD_REQUEST, 50_006, "Cannot send an empty message")
    }

    pub(crate) fn invalid_webhook_token() -> ApiError {
        ApiError::new(StatusCode::UNAUTHORIZED, 50_027, "Invalid Webhook Token")
    }

    pub(crate) fn invalid_json() -> ApiError {
        ApiError::new(StatusCode::BAD_REQUEST, 50_109, "The request body contains invalid JSON.")
    }

    /// 50035, with the problems by field.
    pub(crate) fn invalid_form(problems: Problems) -> ApiError {
        let body = json!({ "message": "Invalid Form Body", "code": 50_035, "errors": problems.into_json() });
        ApiError { status: StatusCode::BAD_REQUEST, body }
    }
}
