//! Request bodies: JSON, or a form with `payload_json` and files.

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, header::CONTENT_TYPE},
};
use serde_json::Value;

use super::error::ApiError;

/// A file may have this many bytes.
const FILE_LIMIT: usize = 10 * 1024 * 1024;
/// A message may have this many files.
const FILES: usize = 10;

/// A body, read and parsed.
#[derive(Debug, Default)]
pub(crate) struct Payload {
    /// Null where there is none.
    pub(crate) json: Value,
    pub(crate) files: Vec<Upload>,
}

/// A file that came with it; its bytes are not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Upload {
    /// The number in `files[n]`.
    pub(crate) number: String,
    pub(crate) file_name: String,
    pub(crate) content_type: String,
    pub(crate) size: usize,
}

/// Reads a body of at most so many bytes.
pub(crate) async fn read(headers: &HeaderMap, body: Body, limit: usize) -> Result<Payload, ApiError> {
    let bytes = to_bytes(body, limit).await.map_err(|_| ApiError::too_large())?;
    if bytes.is_empty() {
        return Ok(Payload::default());
    }
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if let Some(parameters) = content_type.strip_prefix("multipart/form-data") {
        let boundary = parameters.split(';').find_map(|parameter| parameter.trim().strip_prefix("boundary="));
        return form(&bytes, boundary.ok_or_else(ApiError::invalid_json)?.trim_matches('"'));
    }
    let json = serde_json::from_slice(&bytes).map_err(|_| ApiError::invalid_json())?;
    Ok(Payload { json, files: Vec::new() })
}

fn form(bytes: &Bytes, boundary: &str) -> Result<Payload, ApiError> {
    let mut payload = Payload::default();
    let delimiter = format!("\r\n--{boundary}");
    // The first delimiter may stand without a line break before it.
    let mut rest = [b"\r\n", &bytes[..]].concat();
    let Some(start) = find(&rest, delimiter.as_bytes()) else { return Err(ApiError::invalid_json()) };
    rest.drain(..start + delimiter.len());
    while !rest.starts_with(b"--") {
        let Some(end) = find(&rest, delimiter.as_bytes()) else { return Err(ApiError::invalid_json()) };
        let part: Vec<u8> = rest.drain(..end + delimiter.len()).take(end).collect();
        add_part(&part, &mut payload)?;
    }
    if payload.files.len() > FILES || payload.files.iter().any(|file| file.size > FILE_LIMIT) {
        return Err(ApiError::too_large());
    }
    Ok(payload)
}

fn add_part(part: &[u8], payload: &mut Payload) -> Result<(), ApiError> {
    let end = find(part, b"\r\n\r\n").ok_or_else(ApiError::invalid_json)?;
    let (head, body) = part.split_at(end);
    let body = body.get(4..).unwrap_or_default();
    let head = String::from_utf8_lossy(head);
    let header = |name: &str| {
        let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with(name))?;
        line.split_once(':').map(|(_, value)| value.trim().to_owned())
    };
    let disposition = header("content-disposition").unwrap_or_default();
    let parameter = |name: &str| {
        let start = format!("{name}=\"");
        let quoted = disposition.split("; ").find_map(|parameter| parameter.strip_prefix(&start))?;
        quoted.strip_suffix('"').map(str::to_owned)
    };
    let name = parameter("name").unwrap_or_default();
    if name == "payload_json" {
        payload.json = serde_json::from_slice(body).map_err(|_| ApiError::invalid_json())?;
    } else if let Some(number) = name.strip_prefix("files[").and_then(|rest| rest.strip_suffix(']')) {
        payload.files.push(Upload {
            number: number.to_owned(),
            file_name: parameter("filename").unwrap_or_default(),
            content_type: header("content-type").unwrap_or_else(|| "application/octet-stream".to_owned()),
            size: body.len(),
        });
    }
    Ok(())
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_form_gives_its_json_and_its_files() {
        let text = "--b\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{\"content\":\"a\"}\r\n--b\r\n\
            Content-Disposition: form-data; name=\"files[0]\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\
            \x01\r\n\x02\r\n--b--\r\n";
        let payload = form(&Bytes::from(text), "b").expect("a form");
        assert_eq!(payload.json, json!({ "content": "a" }));
        let file = Upload {
            number: "0".to_owned(),
            file_name: "a.png".to_owned(),
            content_type: "image/png".to_owned(),
            size: 4,
        };
        assert_eq!(payload.files, [file]);
        assert!(form(&Bytes::from("--b\r\ncut"), "b").is_err());
    }
}
