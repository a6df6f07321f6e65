using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>A constant that is not trained, on the device of whoever asks: it follows a module that moves.</summary>
/// <param name="make">Makes it on a backend.</param>
internal sealed class ConstantTensor(Func<Backend, Tensor> make) : IDisposable
{
    private Tensor? tensor;

    /// <summary>
    /// The constant on a backend. A copy on another one is left to the garbage collector: a tape may still need it.
    /// </summary>
    internal Tensor On(Backend backend)
    {
        if (tensor is { } present && present.Backend == backend)
            return present;
        using var suspension = TensorScope.Suspend();
        return tensor = make(backend);
    }

    public void Dispose() => tensor?.Dispose();
}
