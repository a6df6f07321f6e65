namespace SeqCore.Models;

/// <summary>
/// Luong's dot score (Luong, Pham and Manning, "Effective approaches to attention-based neural machine translation",
/// arXiv:1508.04025): score = q' k, without parameters or scale. Queries and keys have one size.
/// </summary>
/// <param name="size">Q = I, at least 1.</param>
public sealed class DotAttention(int size) : ProductAttention(size, size);
