# Writes OUTPUT: the SHA-256 of each of FILES, in the format of sha256sum, after comments that say what
# CODE they hold and by which CUDA it was made. dev.feedlight.device.cuda.KernelManifest reads it.
set(lines "# code ${CODE}\n# cuda ${CUDA}\n")
foreach(file ${FILES})
  file(SHA256 "${file}" hash)
  get_filename_component(name "${file}" NAME)
  string(APPEND lines "${hash}  ${name}\n")
endforeach()
file(WRITE "${OUTPUT}" "${lines}")
