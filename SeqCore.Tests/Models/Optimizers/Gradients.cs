using SeqCore.Models;

namespace SeqCore.Tests.Models.Optimizers;

/// <summary>Hands a parameter the gradient that a test wants it to have.</summary>
internal static class Gradients
{
    internal static void Set(Parameter parameter, float[] values) =>
        parameter.Accumulate(Tensor.FromSpan(values, parameter.Shape));
}
