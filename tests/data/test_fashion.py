"""The clothes are what the docstring says, and labels belong to their images."""

import numpy as np

from dlcourse_utils.data import FASHION_CLASSES, load_fashion_mnist


def test_shapes_types_range_and_balance():
    data = load_fashion_mnist()
    assert data.x_train.shape == (10_000, 1, 28, 28)
    assert data.x_test.shape == (2_000, 1, 28, 28)
    for images, labels, each in ((data.x_train, data.y_train, 1000), (data.x_test, data.y_test, 200)):
        assert images.dtype == np.float32
        assert labels.dtype == np.int64
        assert (images.min(), images.max()) == (0.0, 1.0)
        assert np.bincount(labels).tolist() == [each] * len(FASHION_CLASSES)


def test_the_rows_are_shuffled_as_promised():
    labels = load_fashion_mnist().y_train
    assert len(np.unique(labels[:100])) == 10


def test_labels_belong_to_their_images():
    data = load_fashion_mnist()
    means = np.stack([data.x_train[data.y_train == k].mean(axis=0).ravel() for k in range(10)])
    test = data.x_test.reshape(2000, -1)
    distance = (test**2).sum(1, keepdims=True) - 2 * test @ means.T + (means**2).sum(1)
    assert (distance.argmin(axis=1) == data.y_test).mean() > 0.6  # nearest mean, about 0.68 on these clothes


def test_no_test_image_is_a_training_image():
    data = load_fashion_mnist()
    seen = {image.tobytes() for image in data.x_train}
    assert sum(image.tobytes() in seen for image in data.x_test) == 0
