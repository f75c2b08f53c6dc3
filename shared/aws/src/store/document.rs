//! Whole things that are read and written at once, in as many compressed parts as they need: one row
//! holds 400 KB at most.

use std::io::{Read, Write};

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, DeleteRequest, WriteRequest};
use aws_smithy_types::error::display::DisplayErrorContext;
use flate2::read::DeflateDecoder;
use kari_application::ports::Unavailable;
use kari_domain::time::Instant;
use lz4_flex::frame::{BlockMode, BlockSize, FrameDecoder, FrameEncoder, FrameInfo};
use uuid::Uuid;

use super::patience::Patience;
use super::{DynamoStore, Row, keys, row, unavailable};

/// How many versions one saving chooses from.
const OF_ONE_SAVING: u64 = 1 << 24;
/// How many bytes of a document lie in one row: three of them are a page of one megabyte.
const PART: usize = 349_000;
/// How often reading starts anew because the document was replaced twice meanwhile.
const MOST_READINGS: usize = 5;
/// How often saving starts anew because somebody else saved.
const MOST_SAVINGS: usize = 5;
/// What begins what LZ4 compressed. Everything else is of a version of before, which took deflate.
const LZ4: [u8; 4] = 0x184D_2204_u32.to_le_bytes();
/// How many times as long a document is as its compressed parts, about.
const COMPRESSED: usize = 3;
/// How many rows are deleted at once.
const AT_ONCE: usize = 25;

/// A document as it was at one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Document {
    pub(crate) version: u64,
    /// When it was confirmed last, if it ever was.
    pub(crate) confirmed_at: Option<Instant>,
    /// Of one that is damaged nothing is left; `None` where its version was known already.
    pub(crate) body: Option<String>,
}

/// Which version the document is.
struct Current {
    version: u64,
    parts: usize,
    confirmed_at: Option<Instant>,
}

#[derive(Debug, thiserror::Error)]
#[error("the document {0} is being replaced again and again")]
struct Restless(String);

impl DynamoStore {
    /// The document, without its body if its version is `known` already; `None` where there is none.
    pub(crate) async fn document_unless(
        &self,
        name: &str,
        known: Option<u64>,
    ) -> Result<Option<Document>, Unavailable> {
        let mut before = None;
        for _ in 0..MOST_READINGS {
            let Some(current) = self.current(name).await? else { return Ok(None) };
            let Current { version, parts, confirmed_at } = current;
            let found = |body| Ok(Some(Document { version, confirmed_at, body }));
            if known == Some(version) {
                return found(None);
            }
            match self.parts(name, version, parts).await? {
                Some(packed) => return found(Some(unpack(name, &packed))),
                // Parts are missing, and not because it was replaced meanwhile.
                None if before == Some(version) => return found(Some(String::new())),
                None => before = Some(version),
            }
        }
        Err(unavailable(Restless(name.to_owned())))
    }

    /// Replaces the document. Returns the version it has then.
    pub(crate) async fn save_document(&self, name: &str, body: &str) -> Result<u64, Unavailable> {
        let packed = pack(body).map_err(unavailable)?;
        let patience = Patience::of(self);
        for _ in 0..MOST_SAVINGS {
            let before = self.current(name).await?.map_or(0, |current| current.version);
            let version = version_after(before, self.ids.fresh());
            let parts: Vec<_> = packed.chunks(PART).collect();
            // NB. One after the other: they lie in one partition, which hardly takes three of them a second.
            for (number, part) in parts.iter().enumerate() {
                self.put_part(&patience, keys::document_part(name, version, number), part).await?;
            }
            let current = Current { version, parts: parts.len(), confirmed_at: None };
            if self.make_current(&patience, name, before, &current).await? {
                // Somebody may be reading the one before; nobody reads any other.
                let deleted = self.delete_all_but(&patience, name, [before, version]).await;
                if let Err(error) = deleted {
                    let cause = DisplayErrorContext(&error);
                    tracing::warn!(name, %cause, "parts of other versions are left; the next saving deletes them");
                }
                return Ok(version);
            }
        }
        Err(unavailable(Restless(name.to_owned())))
    }

    /// Notes that the document was found to be right at this instant; `false` if it is not at this version any more.
    pub(crate) async fn confirm_document(
        &self,
        name: &str,
        version: u64,
        at: Instant,
    ) -> Result<bool, Unavailable> {
        let Some(current) = self.current(name).await?.filter(|current| current.version == version) else {
            return Ok(false);
        };
        let confirmed = Current { confirmed_at: Some(at), ..current };
        self.make_current(&Patience::of(self), name, version, &confirmed).await
    }

    async fn current(&self, name: &str) -> Result<Option<Current>, Unavailable> {
        let found = self.get(keys::document(name)).await?;
        Ok(found.and_then(|found| {
            Some(Current {
                version: row::get_number(&found, "version")?,
                parts: row::get_number(&found, "parts")?,
                confirmed_at: row::get(&found, "confirmed_at").and_then(keys::instant_of),
            })
        }))
    }

    /// `None` if parts are missing: the document was replaced meanwhile.
    async fn parts(&self, name: &str, version: u64, count: usize) -> Result<Option<Vec<u8>>, Unavailable> {
        let first = keys::document_part(name, version, 0);
        let last = keys::document_part(name, version, count.saturating_sub(1));
        let rows = self.all(self.between(first, last.sk).consistent_read(true)).await?;
        if rows.len() != count {
            return Ok(None);
        }
        let bytes = |mut row: Row| match row.remove("bytes") {
            Some(AttributeValue::B(blob)) => Some(blob.into_inner()),
            _ => None,
        };
        Ok(rows.into_iter().map(bytes).collect::<Option<Vec<_>>>().map(|parts| parts.concat()))
    }

    async fn put_part(
        &self,
        patience: &Patience<'_>,
        key: keys::RowKey,
        part: &[u8],
    ) -> Result<(), Unavailable> {
        let mut item = row::key(key);
        item.insert("bytes".to_owned(), AttributeValue::B(Blob::new(part)));
        let put = self.put().set_item(Some(item));
        patience.send(|| put.clone().send()).await.map(|_| ()).map_err(unavailable)
    }

    /// Whether the document was still at version `before`, and is this one now.
    async fn make_current(
        &self,
        patience: &Patience<'_>,
        name: &str,
        before: u64,
        current: &Current,
    ) -> Result<bool, Unavailable> {
        let mut item = row::key(keys::document(name));
        item.insert("version".to_owned(), row::number(current.version));
        item.insert("parts".to_owned(), row::number(current.parts));
        if let Some(at) = current.confirmed_at {
            item.insert("confirmed_at".to_owned(), row::text(keys::instant(at)));
        }
        let put = self
            .put()
            .set_item(Some(item))
            // NB. Or at this one already: nobody else chooses it, but the answer to this may have been lost.
            .condition_expression("attribute_not_exists(pk) OR #version IN (:before, :version)")
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":before", row::number(before))
            .expression_attribute_values(":version", row::number(current.version));
        is_met(patience.send(|| put.clone().send()).await)
    }

    /// Deletes the parts of every version but the one before and the one that is current now, also what savings have
    /// left that failed. NB. Whoever chose a version beside this one has to start anew; whoever chooses one from now on
    /// chooses one that lies behind all of these.
    async fn delete_all_but(
        &self,
        patience: &Patience<'_>,
        name: &str,
        kept: [u64; 2],
    ) -> Result<(), Unavailable> {
        let [_, current] = kept;
        let end = first_behind(current);
        let (first, last) = (keys::document_part(name, 0, 0), keys::document_part(name, end, 0));
        let mut rows = self.all(self.between(first, last.sk).projection_expression("pk, sk")).await?;
        let version = |row: &Row| row::get(row, keys::SK).and_then(keys::version_of_part);
        rows.retain(|row| version(row).is_some_and(|version| version < end && !kept.contains(&version)));
        for some in rows.chunks(AT_ONCE) {
            self.delete_rows(patience, some).await?;
        }
        Ok(())
    }

    /// Deletes these rows, [`AT_ONCE`] at most.
    async fn delete_rows(&self, patience: &Patience<'_>, rows: &[Row]) -> Result<(), Unavailable> {
        let delete = |key: &Row| DeleteRequest::builder().set_key(Some(key.clone())).build();
        let requests: Result<Vec<_>, _> = rows
            .iter()
            .map(|key| delete(key).map(|delete| WriteRequest::builder().delete_request(delete).build()))
            .collect();
        let mut left = requests.map_err(unavailable)?;
        let mut tries = 0;
        loop {
            let batch = self.client.batch_write_item().request_items(&*self.table, left);
            let answer = patience.send(|| batch.clone().send()).await.map_err(unavailable)?;
            let undone = answer.unprocessed_items.and_then(|mut tables| tables.remove(&*self.table));
            left = undone.unwrap_or_default();
            if left.is_empty() {
                return Ok(());
            }
            if !patience.wait(tries).await {
                return Err(unavailable("too much is written at this moment"));
            }
            tries += 1;
        }
    }
}

/// Whether the condition of what was sent was met.
fn is_met<T, E>(sent: Result<T, E>) -> Result<bool, Unavailable>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    match sent {
        Ok(_) => Ok(true),
        Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(false),
        Err(error) => Err(unavailable(error)),
    }
}

/// A later version, which nobody else gives to what they save at the same time: parts of two documents must not
/// be taken for one.
fn version_after(before: u64, random: Uuid) -> u64 {
    let low = u64::try_from(random.as_u128() & u128::from(OF_ONE_SAVING - 1)).unwrap_or_default();
    first_behind(before) + low
}

/// The first version that somebody may choose who begins to save when this one is current.
fn first_behind(version: u64) -> u64 {
    (version / OF_ONE_SAVING + 1) * OF_ONE_SAVING
}

/// NB. LZ4: what is longest about a first answer is to read what a whole company has, and this is read ten times as
/// fast as what is smaller by a quarter. With a checksum, but an end that is cut off between two blocks goes unnoticed:
/// what is kept tells by itself whether it is whole. In small blocks, each of which goes on from the one before: whoever
/// reads it needs memory for one.
fn pack(body: &str) -> std::io::Result<Vec<u8>> {
    let info = FrameInfo::new().block_size(BlockSize::Max64KB).block_mode(BlockMode::Linked);
    let info = info.content_checksum(true);
    let mut encoder = FrameEncoder::with_frame_info(info, Vec::new());
    encoder.write_all(body.as_bytes())?;
    Ok(encoder.finish()?)
}

/// NB. Not as a text at once: LZ4's reader takes each block for a text of its own, and a character may lie in two.
fn unpack(name: &str, packed: &[u8]) -> String {
    let mut body = Vec::with_capacity(packed.len() * COMPRESSED);
    let read = if packed.starts_with(&LZ4) {
        FrameDecoder::new(packed).read_to_end(&mut body)
    } else {
        DeflateDecoder::new(packed).read_to_end(&mut body)
    };
    match read.and_then(|_| String::from_utf8(body).map_err(std::io::Error::other)) {
        Ok(body) => body,
        Err(error) => {
            tracing::error!(name, %error, "a document is not what was compressed");
            String::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::DeflateEncoder;

    use super::*;

    #[test]
    fn versions_grow_and_two_who_save_at_once_choose_different_ones() {
        let (one, other) = (version_after(0, Uuid::from_u128(7)), version_after(0, Uuid::from_u128(8)));
        assert!(one > 0 && other > 0 && one != other);
        let end = first_behind(one);
        assert!(one.max(other) < end && end == first_behind(other));
        for random in [Uuid::nil(), Uuid::max()] {
            assert!(version_after(one.max(other), random) >= end);
        }
    }

    #[test]
    fn what_this_or_an_earlier_version_compressed_is_read_and_nothing_else_is() {
        // Of three bytes each, some lie in two blocks.
        for body in ["the directory ".repeat(10_000), "花".repeat(100_000)] {
            let mut earlier = DeflateEncoder::new(vec![], Compression::fast());
            earlier.write_all(body.as_bytes()).unwrap();
            for packed in [pack(&body).unwrap(), earlier.finish().unwrap()] {
                assert!(packed.len() < body.len() / 10);
                assert_eq!(unpack("directory", &packed), body);
                assert_eq!(unpack("directory", &packed[..packed.len() - 1]), "");
            }
        }
        assert_eq!(unpack("directory", b"neither"), "");
    }
}
