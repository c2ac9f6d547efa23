package io.github.swag4j.swa.io;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a file is that is often taken for one of weights, by its first bytes, and what to do. */
final class ForeignFiles {

  /** So many bytes tell. */
  static final int BYTES = 512;

  private static final String TO_SAFETENSORS =
      "save its tensors in Python with safetensors.torch.save_file";

  private record Magic(int at, String bytes, String what, String remedy) {}

  /** Bytes are written as characters of Latin-1. */
  private static final List<Magic> MAGICS =
      List.of(
          new Magic(0, "\u0089HDF\r\n\u001a\n", "an HDF5 file (Keras .h5)", TO_SAFETENSORS),
          new Magic(0, "\u0093NUMPY", "a NumPy array", TO_SAFETENSORS),
          new Magic(0, "\u001f\u008b", "compressed with gzip", "decompress it with gunzip"),
          new Magic(0, "BZh", "compressed with bzip2", "decompress it with bunzip2"),
          new Magic(0, "\u00fd7zXZ\0", "compressed with xz", "decompress it with unxz"),
          new Magic(0, "(\u00b5/\u00fd", "compressed with zstd", "decompress it with unzstd"),
          new Magic(0, "GGUF", "a GGUF file of quantised weights", TO_SAFETENSORS),
          new Magic(0, "DJL@", "a parameter file of DJL", "load it as a model and collect it"),
          new Magic(
              0,
              "version https://git-lfs",
              "a pointer of Git LFS, not the file itself",
              "fetch it with git lfs pull"),
          new Magic(0, "<!doctype html", "a web page", "download the file itself"),
          new Magic(0, "<html", "a web page", "download the file itself"),
          new Magic(257, "ustar", "a tar archive", "unpack it with tar -xf"));

  private ForeignFiles() {}

  /**
   * What a file is, if it is known and none of weights that can be read.
   *
   * @param file its path
   * @param start its first bytes, at most {@value #BYTES}
   * @return the error to throw
   */
  static Optional<WeightFormatException> recognise(Path file, ByteBuffer start) {
    String text = StandardCharsets.ISO_8859_1.decode(start.duplicate()).toString();
    String lower = text.toLowerCase(Locale.ROOT);
    for (Magic magic : MAGICS) {
      if (text.startsWith(magic.bytes(), magic.at()) || lower.startsWith(magic.bytes())) {
        return Optional.of(refuse(file, magic.what(), magic.remedy()));
      }
    }
    // Protobuf has no magic: ONNX begins with field 1, the version of its format, below 32, and
    // goes on with the producer's name or version (fields 2 and 3) or the graph (field 7).
    if (text.length() > 2 && text.charAt(0) == 8 && text.charAt(1) > 0 && text.charAt(1) < 32) {
      if ("\u0012\u001a:".indexOf(text.charAt(2)) >= 0) {
        return Optional.of(refuse(file, "an ONNX model", "export its state dict from the trainer"));
      }
    }
    if (text.startsWith("\u0080") && text.length() > 1 && text.charAt(1) < 6) {
      return Optional.of(
          refuse(file, "a Python pickle that torch.save did not write", TO_SAFETENSORS));
    }
    return Optional.empty();
  }

  /** What a zip archive is that holds no weights of PyTorch's. */
  static WeightFormatException inZip(Path file, Set<String> names) {
    if (names.stream().anyMatch(name -> name.endsWith(".npy"))) {
      return refuse(file, "a NumPy .npz archive", TO_SAFETENSORS);
    }
    if (names.contains("model.weights.h5")) {
      return refuse(file, "a Keras model", TO_SAFETENSORS);
    }
    if (names.stream().anyMatch(name -> name.endsWith("serialized_state_dict.pt"))) {
      return refuse(
          file,
          "a torch.export archive of before torch 2.8",
          "save torch.export.load(FILE).state_dict with torch.save");
    }
    if (names.stream().anyMatch(name -> name.contains("data/aotinductor/"))) {
      return refuse(
          file, "a compiled program", "average its training checkpoints, and compile the result");
    }
    return refuse(
        file, "a zip archive without data.pkl", "unpack it, if the weights are a file in it");
  }

  static WeightFormatException refuse(Path file, String what, String remedy) {
    return new WeightFormatException(
        file,
        "must be a file of weights (safetensors, PyTorch state dict or .pt2), it is "
            + what
            + ": "
            + remedy);
  }
}
