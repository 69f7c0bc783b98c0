/** gRPC server reflection, from the descriptors that are built with the generated code. */
import { readFileSync } from 'node:fs';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import type { Server } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';

const DESCRIPTORS = new URL('../../../proto/descriptors.binpb', import.meta.url);

/** Adds reflection of every service we have, so that `grpcurl` needs no proto files. */
export function addReflection(server: Server): void {
  const files = { fileDescriptorProtos: filesOf(readFileSync(DESCRIPTORS)) };
  // The constructor reads nothing of a package definition but the descriptors of its entries.
  new ReflectionService({ files } as never).addToServer(server);
}

/** The files of a google.protobuf.FileDescriptorSet (file = 1). */
function filesOf(set: Uint8Array): Buffer[] {
  const reader = new BinaryReader(set);
  const files: Buffer[] = [];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === 1) files.push(Buffer.from(reader.bytes()));
    else reader.skip(type);
  }
  return files;
}
