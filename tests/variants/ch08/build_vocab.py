"""08.build_vocab written in other ways; each must pass."""

from collections import Counter, defaultdict


def with_a_counter(texts, max_size, min_count):
    counts = Counter()
    for text in texts:
        counts.update(text.lower().split())
    words = sorted((w for w, c in counts.items() if c >= min_count), key=lambda w: (-counts[w], w))
    vocab = {"<pad>": 0, "<unk>": 1}
    for word in words[: max_size - 2]:
        vocab[word] = len(vocab)
    return vocab


def two_stable_sorts(texts, max_size, min_count):
    counts = defaultdict(int)
    for text in texts:
        for word in text.split():
            counts[word.lower()] += 1
    words = sorted(counts)
    words.sort(key=counts.get, reverse=True)
    kept = ["<pad>", "<unk>"] + [w for w in words if counts[w] >= min_count]
    return dict(zip(kept[:max_size], range(max_size)))


def most_common_then_groups(texts, max_size, min_count):
    counts = Counter(" ".join(texts).lower().split())
    vocab, number = {"<pad>": 0, "<unk>": 1}, 2
    for count in sorted(set(counts.values()), reverse=True):
        for word in sorted(w for w in counts if counts[w] == count and count >= min_count):
            if number < max_size:
                vocab[word] = number
                number += 1
    return vocab


VARIANTS = (with_a_counter, two_stable_sorts, most_common_then_groups)
