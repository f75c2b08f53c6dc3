-- Each index over events is one more page to write with every append. These two are not missed: the
-- index that keeps the events of a stream in order finds them as well.
DROP INDEX events_append;
DROP INDEX events_stream_at;
