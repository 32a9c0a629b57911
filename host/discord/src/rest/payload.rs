//! What a call carries: JSON, and files beside it.

use bytes::Bytes;
use reqwest::{
    Body, RequestBuilder,
    header::{CONTENT_TYPE, HeaderValue},
    multipart::{Form, Part},
};
use serde::Serialize;

/// JSON text, with files if there are any. Cheap to send again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Payload {
    pub(crate) json: Bytes,
    pub(crate) files: Vec<File>,
}

/// A file to upload.
#[derive(Clone, Debug)]
pub(crate) struct File {
    /// Safe: letters, digits, `.`, `-` and `_` only.
    pub(crate) name: String,
    /// Such as "image/png".
    pub(crate) mime: String,
    pub(crate) data: Bytes,
}

impl Payload {
    /// A payload without files.
    pub(crate) fn json(value: &impl Serialize) -> Result<Payload, serde_json::Error> {
        Ok(Payload { json: serde_json::to_vec(value)?.into(), files: Vec::new() })
    }

    pub(super) fn attach(&self, request: RequestBuilder) -> RequestBuilder {
        if self.files.is_empty() {
            let json = HeaderValue::from_static("application/json");
            return request.header(CONTENT_TYPE, json).body(Body::from(self.json.clone()));
        }
        let json = String::from_utf8_lossy(&self.json).into_owned();
        let form = self.files.iter().enumerate().fold(Form::new().text("payload_json", json), |form, (i, file)| {
            form.part(format!("files[{i}]"), file.part())
        });
        request.multipart(form)
    }
}

impl File {
    fn part(&self) -> Part {
        let part = || {
            let length = u64::try_from(self.data.len()).unwrap_or(u64::MAX);
            Part::stream_with_length(Body::from(self.data.clone()), length).file_name(self.name.clone())
        };
        part().mime_str(&self.mime).unwrap_or_else(|_| part())
    }
}
