# Writes OUTPUT: the SHA-256 of each of FILES, in the format of sha256sum.
set(lines "")
foreach(file ${FILES})
  file(SHA256 "${file}" hash)
  get_filename_component(name "${file}" NAME)
  string(APPEND lines "${hash}  ${name}\n")
endforeach()
file(WRITE "${OUTPUT}" "${lines}")
