"""A real Apache Kafka broker (KRaft, one node, loopback only) in a folder of its own, for tests and benchmarks."""

from __future__ import annotations

import base64
import os
import signal
import socket
import subprocess
import time
import uuid
from pathlib import Path

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

CLASSPATH_VARIABLE = "GUILDHALL_KAFKA_JARS"  # the folder that Maven filled
USER, PASSWORD, STORE_PASSWORD = "guildhall", "correct horse", "of-a-test"
START_SECONDS = 60

PROPERTIES = """
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{plain},GUARDED://127.0.0.1:{guarded},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{plain},GUARDED://127.0.0.1:{guarded}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,GUARDED:SASL_SSL,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs={folder}/data
num.partitions=4
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
ssl.keystore.location={folder}/keys.p12
ssl.keystore.type=PKCS12
ssl.keystore.password={store_password}
listener.name.guarded.sasl.enabled.mechanisms=PLAIN
listener.name.guarded.plain.sasl.jaas.config=\\
  org.apache.kafka.common.security.plain.PlainLoginModule required user_{user}="{password}";
"""


class Broker:
    """Started by `start`, gone after `stop`. `servers` asks for nothing, `guarded` wants TLS and a password."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        plain, guarded, controller = _free_ports(3)
        self.servers = f"127.0.0.1:{plain}"
        self.guarded = f"127.0.0.1:{guarded}"
        self.certificate = folder / "broker.pem"
        self._log = folder / "broker.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._make_certificate()
        self._settings = folder / "server.properties"
        self._settings.write_text(
            PROPERTIES.format(
                folder=folder,
                plain=plain,
                guarded=guarded,
                controller=controller,
                user=USER,
                password=PASSWORD,
                store_password=STORE_PASSWORD,
            )
        )
        cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        self._run(*self._java("kafka.tools.StorageTool"), "format", "-t", cluster_id, "-c", self._settings)

    def start(self) -> None:
        """Returns when it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._java("kafka.Kafka"), self._settings], stdout=log, stderr=subprocess.STDOUT, cwd=self.folder
            )
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            ended = self._process.poll() is not None
            if ended or time.monotonic() > until:
                self.stop()
                raise RuntimeError(f"Kafka did not start:\n{self._log.read_text(errors='replace')[-3000:]}")

    def stop(self, number: int = signal.SIGTERM) -> None:
        if self._process:
            self._process.send_signal(number)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            return bool(AdminClient({"bootstrap.servers": self.servers, "log_level": 0}).list_topics(timeout=1).brokers)
        except KafkaException:
            return False

    def _java(self, main: str) -> list[str | Path]:
        memory = ["-Xms128m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dlog4j2.level=WARN"]
        return ["java", *memory, "-cp", f"{os.environ[CLASSPATH_VARIABLE]}/*", main]

    def _make_certificate(self) -> None:
        store = ["-keystore", self.folder / "keys.p12", "-storetype", "PKCS12", "-storepass", STORE_PASSWORD]
        who = ["-dname", "CN=guildhall test broker", "-ext", "san=ip:127.0.0.1"]
        self._run("keytool", "-genkeypair", "-alias", "broker", "-keyalg", "EC", "-validity", "2", *who, *store)
        self._run("keytool", "-exportcert", "-rfc", "-alias", "broker", "-file", self.certificate, *store)

    @staticmethod
    def _run(*command: str | Path) -> None:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
