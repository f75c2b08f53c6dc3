//! Whole things that are read and written at once, in as many compressed parts as they need: one row
//! holds 400 KB at most.

use std::io::{Read, Write};

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, DeleteRequest, WriteRequest};
use flate2::read::DeflateDecoder;
use futures::future::try_join_all;
use kari_application::ports::Unavailable;
use lz4_flex::frame::{FrameDecoder, FrameEncoder, FrameInfo};
use uuid::Uuid;

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

/// A document as it was at one version. Of one that is damaged nothing is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Document {
    pub(crate) version: u64,
    pub(crate) body: String,
}

#[derive(Debug, thiserror::Error)]
#[error("the document {0} is being replaced again and again")]
struct Restless(String);

impl DynamoStore {
    /// The document, unless its version is `known` already; `None` too where there is none.
    pub(crate) async fn document_unless(
        &self,
        name: &str,
        known: Option<u64>,
    ) -> Result<Option<Document>, Unavailable> {
        let mut before = None;
        for _ in 0..MOST_READINGS {
            let Some((version, parts)) = self.current(name).await? else { return Ok(None) };
            if known == Some(version) {
                return Ok(None);
            }
            match self.parts(name, version, parts).await? {
                Some(packed) => return Ok(Some(Document { version, body: unpack(name, &packed) })),
                // Parts are missing, and not because it was replaced meanwhile.
                None if before == Some(version) => {
                    return Ok(Some(Document { version, body: String::new() }));
                }
                None => before = Some(version),
            }
        }
        Err(unavailable(Restless(name.to_owned())))
    }

    /// Replaces the document. Returns the version it has then.
    pub(crate) async fn save_document(&self, name: &str, body: &str) -> Result<u64, Unavailable> {
        let packed = pack(body).map_err(unavailable)?;
        for _ in 0..MOST_SAVINGS {
            let before = self.current(name).await?.map_or(0, |(version, _)| version);
            let version = version_after(before, self.ids.fresh());
            let parts: Vec<_> = packed.chunks(PART).collect();
            try_join_all(
                parts.iter().enumerate().map(|(number, part)| self.put_part(name, version, number, part)),
            )
            .await?;
            if self.make_current(name, before, version, parts.len()).await? {
                // Somebody may be reading the one before; nobody reads the ones before that.
                self.delete_parts_before(name, before).await?;
                return Ok(version);
            }
        }
        Err(unavailable(Restless(name.to_owned())))
    }

    /// The version of a document and how many parts it has.
    async fn current(&self, name: &str) -> Result<Option<(u64, usize)>, Unavailable> {
        let found = self.get(keys::document(name)).await?;
        Ok(found
            .and_then(|found| Some((row::get_number(&found, "version")?, row::get_number(&found, "parts")?))))
    }

    /// `None` if parts are missing: the document was replaced meanwhile.
    async fn parts(&self, name: &str, version: u64, count: usize) -> Result<Option<Vec<u8>>, Unavailable> {
        let first = keys::document_part(name, version, 0);
        let last = keys::document_part(name, version, count.saturating_sub(1));
        let rows = self.all(self.between(first, last.sk).consistent_read(true)).await?;
        if rows.len() != count {
            return Ok(None);
        }
        let bytes = |row: &Row| {
            row.get("bytes").and_then(|value| value.as_b().ok()).map(|blob| blob.as_ref().to_vec())
        };
        Ok(rows.iter().map(bytes).collect::<Option<Vec<_>>>().map(|parts| parts.concat()))
    }

    async fn put_part(
        &self,
        name: &str,
        version: u64,
        number: usize,
        part: &[u8],
    ) -> Result<(), Unavailable> {
        let mut item = row::key(keys::document_part(name, version, number));
        item.insert("bytes".to_owned(), AttributeValue::B(Blob::new(part)));
        let put = self.client.put_item().table_name(&*self.table).set_item(Some(item));
        put.send().await.map(|_| ()).map_err(unavailable)
    }

    /// Whether the document was still at version `before`, and is at `version` now.
    async fn make_current(
        &self,
        name: &str,
        before: u64,
        version: u64,
        parts: usize,
    ) -> Result<bool, Unavailable> {
        let mut item = row::key(keys::document(name));
        item.insert("version".to_owned(), row::number(version));
        item.insert("parts".to_owned(), row::number(parts));
        let put = self
            .client
            .put_item()
            .table_name(&*self.table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk) OR #version = :before")
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":before", row::number(before));
        match put.send().await {
            Ok(_) => Ok(true),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(PutItemError::is_conditional_check_failed_exception) =>
            {
                Ok(false)
            }
            Err(error) => Err(unavailable(error)),
        }
    }

    async fn delete_parts_before(&self, name: &str, version: u64) -> Result<(), Unavailable> {
        let first = keys::document_part(name, 0, 0);
        let last = keys::document_part(name, version, 0);
        let query = self.between(first, last.sk.clone()).projection_expression("pk, sk");
        let rows = self.all(query).await?;
        let old: Vec<_> = rows.into_iter().filter(|row| row::get(row, keys::SK) != Some(&last.sk)).collect();
        for some in old.chunks(AT_ONCE) {
            let delete = |key: &Row| DeleteRequest::builder().set_key(Some(key.clone())).build();
            let requests: Result<Vec<_>, _> = some
                .iter()
                .map(|key| delete(key).map(|delete| WriteRequest::builder().delete_request(delete).build()))
                .collect();
            // What stays undeleted is deleted after the next saving.
            let batch = self.client.batch_write_item();
            let batch = batch.request_items(&*self.table, requests.map_err(unavailable)?);
            batch.send().await.map_err(unavailable)?;
        }
        Ok(())
    }
}

/// A later version, which nobody else gives to what they save at the same time: parts of two documents must not
/// be taken for one.
fn version_after(before: u64, random: Uuid) -> u64 {
    let low = u64::try_from(random.as_u128() & u128::from(OF_ONE_SAVING - 1)).unwrap_or_default();
    (before / OF_ONE_SAVING + 1) * OF_ONE_SAVING + low
}

/// NB. LZ4: what is longest about a first answer is to read what a whole company has, and this is read ten times as
/// fast as what is smaller by a quarter. With a checksum, but an end that is cut off between two blocks goes unnoticed:
/// what is kept tells by itself whether it is whole.
fn pack(body: &str) -> std::io::Result<Vec<u8>> {
    let info = FrameInfo::new().content_checksum(true);
    let mut encoder = FrameEncoder::with_frame_info(info, Vec::new());
    encoder.write_all(body.as_bytes())?;
    Ok(encoder.finish()?)
}

fn unpack(name: &str, packed: &[u8]) -> String {
    let mut body = String::with_capacity(packed.len() * COMPRESSED);
    let read = if packed.starts_with(&LZ4) {
        FrameDecoder::new(packed).read_to_string(&mut body)
    } else {
        DeflateDecoder::new(packed).read_to_string(&mut body)
    };
    match read {
        Ok(_) => body,
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
        for random in [Uuid::nil(), Uuid::max()] {
            assert!(version_after(one.max(other), random) > one.max(other));
        }
    }

    #[test]
    fn what_this_or_an_earlier_version_compressed_is_read_and_nothing_else_is() {
        let body = "the directory ".repeat(10_000);
        let mut earlier = DeflateEncoder::new(vec![], Compression::fast());
        earlier.write_all(body.as_bytes()).unwrap();
        for packed in [pack(&body).unwrap(), earlier.finish().unwrap()] {
            assert!(packed.len() < body.len() / 10);
            assert_eq!(unpack("directory", &packed), body);
            assert_eq!(unpack("directory", &packed[..packed.len() - 1]), "");
        }
        assert_eq!(unpack("directory", b"neither"), "");
    }
}
