//! GIPHY's ratings, and who may see what.

use autocontent_sdk::{Audience, settings};

/// How a GIF is rated, the mildest first. GIPHY rates as films are rated in the United States.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum GifRating {
    G,
    Pg,
    Pg13,
    R,
}

impl GifRating {
    /// The highest that may be asked for: `r` where sensitive content is allowed, else what the operator set.
    pub(crate) fn highest(audience: &Audience) -> GifRating {
        if audience.sensitive_allowed {
            return GifRating::R;
        }
        settings::text("rating")
            .and_then(|rating| GifRating::read(&rating))
            .unwrap_or(GifRating::Pg)
            .min(GifRating::Pg13)
    }

    /// As GIPHY writes it; `y`, for the very young, counts as `g`.
    pub(crate) fn read(text: &str) -> Option<GifRating> {
        match text.to_ascii_lowercase().as_str() {
            "y" | "g" => Some(GifRating::G),
            "pg" => Some(GifRating::Pg),
            "pg-13" => Some(GifRating::Pg13),
            "r" => Some(GifRating::R),
            _ => None,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            GifRating::G => "g",
            GifRating::Pg => "pg",
            GifRating::Pg13 => "pg-13",
            GifRating::R => "r",
        }
    }
}
