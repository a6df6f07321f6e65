namespace SeqCore.Kernels.Copy;

/// <summary>Copies contiguous elements.</summary>
internal readonly unsafe struct CopyBody : IRunBody
{
    public void Invoke(float** operands, int count) =>
        new ReadOnlySpan<float>(operands[0], count).CopyTo(new Span<float>(operands[1], count));
}

/// <summary>Writes one value to contiguous elements.</summary>
internal readonly unsafe struct FillBody(float value) : IRunBody
{
    public void Invoke(float** operands, int count) => new Span<float>(operands[0], count).Fill(value);
}
