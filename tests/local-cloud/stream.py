"""What Lambda does between the stream of a table and a function.

NB. The emulator's own reader does not hear what a function says it could not do, and passes it over. Whoever tests
that nothing is lost reads the stream by this one, which repeats from the first record that failed, as AWS documents it.
"""

import json
import threading

from botocore.config import Config

# How long it waits before it looks, or tries, again.
PAUSE_SECONDS = 0.3
# Longer than the function may take.
PATIENT = Config(retries={"total_max_attempts": 1}, read_timeout=150)


class Reader:
    """Takes a function's stream over from the emulator, with what the template says of it, until it is stopped."""

    def __init__(self, cloud, function):
        self._functions, self._function = cloud.client("lambda", config=PATIENT), function
        self._streams = cloud.client("dynamodbstreams")
        [mapping] = self._functions.list_event_source_mappings(FunctionName=function)["EventSourceMappings"]
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"], mapping
        self._functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
        self._patterns = [json.loads(one["Pattern"]) for one in mapping["FilterCriteria"]["Filters"]]
        self._size, stream = mapping["BatchSize"], mapping["EventSourceArn"]
        [shard] = self._streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"]
        self._shard = {"StreamArn": stream, "ShardId": shard["ShardId"]}
        self._last, self._failure, self.repeated = None, None, 0
        while records := self._next():
            self._last = place(records[-1])
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def stop(self):
        self._stopped.set()
        self._thread.join()
        if self._failure:
            raise self._failure

    def _read(self):
        try:
            while not self._stopped.wait(PAUSE_SECONDS):
                while (records := self._next()) and self._take(records):
                    pass
        except Exception as error:
            self._failure = error

    def _next(self):
        after = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": self._last}
        start = after if self._last else {"ShardIteratorType": "TRIM_HORIZON"}
        iterator = self._streams.get_shard_iterator(**self._shard, **start)["ShardIterator"]
        try:
            return self._streams.get_records(ShardIterator=iterator, Limit=self._size)["Records"]
        except self._streams.exceptions.ExpiredIteratorException:
            # The clock was put forward in between.
            return self._next()

    def _take(self, records):
        """Whether all of them were taken; else the next look begins with the first that was not."""
        wanted = [record for record in records if any(matches(pattern, record) for pattern in self._patterns)]
        failed = self._invoke(wanted) if wanted else set()
        for record in records:
            if place(record) in failed:
                self.repeated += 1
                return False
            self._last = place(record)
        return True

    def _invoke(self, records):
        """The places of those that are to be repeated."""
        payload = json.dumps({"Records": [as_sent(record) for record in records]}).encode()
        answer = self._functions.invoke(FunctionName=self._function, Payload=payload)
        told = json.loads(answer["Payload"].read())
        if answer.get("FunctionError"):
            return {place(record) for record in records}
        return {failure["itemIdentifier"] for failure in told["batchItemFailures"]}


def place(record):
    return record["dynamodb"]["SequenceNumber"]


def as_sent(record):
    change = {name: record["dynamodb"][name] for name in ("Keys", "NewImage", "SequenceNumber")}
    return {"eventID": record["eventID"], "eventName": record["eventName"], "dynamodb": change}


def matches(pattern, record):
    """Whether a record is as a filter's pattern says."""
    if isinstance(pattern, dict):
        return isinstance(record, dict) and all(matches(part, record.get(name)) for name, part in pattern.items())
    return any(record == one or is_prefix(one, record) for one in pattern)


def is_prefix(one, text):
    return isinstance(one, dict) and isinstance(text, str) and text.startswith(one["prefix"])
