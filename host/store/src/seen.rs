//! What an audience has seen, so that nothing is shown twice in a row.

use autocontent_manifest::ProviderId;

use crate::Store;
use crate::database::on;
use crate::error::StoreError;

impl Store {
    /// Ids of what the audience was shown of this provider, the newest first: at most `limit` items of the last `limit`
    /// deliveries. An item that was shown twice stands there twice; what failed to arrive was not seen.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn seen(&self, audience: &str, provider: &ProviderId, limit: u32) -> Result<Vec<String>, StoreError> {
        const SQL: &str = "SELECT items.item FROM \
            (SELECT id, created_at FROM deliveries WHERE provider = $1 AND audience = $2 AND state <> 'failed' \
            ORDER BY created_at DESC LIMIT $3) shown \
            JOIN items ON items.delivery = shown.id \
            ORDER BY shown.created_at DESC, shown.id DESC, items.position LIMIT $3";
        on!(&self.database.reader, pool => {
            sqlx::query_scalar::<_, String>(SQL)
                .bind(provider.as_str())
                .bind(audience)
                .bind(i64::from(limit))
                .fetch_all(pool)
                .await
        })
        .map_err(|error| self.database.error("read what was seen", error))
    }
}
