using SeqCore.Samples.LstmVsTransformer.Measuring;

namespace SeqCore.Samples.LstmVsTransformer.Results;

/// <summary>Memory above the model's parameters, in bytes.</summary>
/// <param name="Models">Sizes.</param>
/// <param name="Window">Steps that the sliding window sees.</param>
/// <param name="Inference">Taken from the system for a whole sequence, by length.</param>
/// <param name="Training">The same for forward and backward, gradients of the parameters included.</param>
/// <param name="State">What a stream holds after so many tokens: the state, or cached keys and values.</param>
internal sealed record MemoryResult(
    IReadOnlyList<ModelSize> Models, int Window, IReadOnlyList<Curve> Inference, IReadOnlyList<Curve> Training,
    IReadOnlyList<Curve> State);
