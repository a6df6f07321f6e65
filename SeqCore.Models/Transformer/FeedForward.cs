namespace SeqCore.Models;

/// <summary>
/// Computes the part of a Transformer that works on each position alone: y = W_2 f(W_1 x + b_1) + b_2 (Vaswani et al., "Attention
/// is all you need", arXiv:1706.03762, section 3.3). A <see cref="TransformerBlock"/> owns the two layers.
/// </summary>
internal static class FeedForward
{
    /// <summary>Returns F if the options do not set it: 4 D.</summary>
    internal static int DefaultSize(int modelSize) => SizeLimitException.Product(
        $"FeedForwardSize: the default 4 D, D = {modelSize},", 4, modelSize, "Make ModelSize smaller, or set FeedForwardSize.");

    /// <summary>Returns the width of the first layer's output, for the F that the second layer reads.</summary>
    internal static int FirstSize(int size, FeedForwardActivation activation) =>
        activation == FeedForwardActivation.SwiGlu
            ? SizeLimitException.Product($"SwiGlu: a value and a gate for each of F = {size}", 2, size)
            : size;

    /// <summary>Runs the part on x, shape (B, T, D), with shape (B, T, F) between the layers.</summary>
    internal static Variable Run(Variable x, Linear first, Linear second, FeedForwardActivation activation, MixerPass pass,
        Dropout? dropout = null) =>
        second.Forward(pass.Drop(Activate(first.Forward(x), activation), dropout));

    internal static Variable Activate(Variable x, FeedForwardActivation activation) => activation switch
    {
        FeedForwardActivation.Relu => x.Relu(),
        FeedForwardActivation.Gelu => x.Gelu(),
        FeedForwardActivation.GeluTanh => x.GeluTanh(),
        FeedForwardActivation.SwiGlu => x.SwiGlu(),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no such activation."),
    };
}
