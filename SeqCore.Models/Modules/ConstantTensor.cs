using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>A constant that is not trained, on the device that asks for it, so that it follows a module that moves.</summary>
/// <param name="make">Makes the constant on a backend.</param>
internal sealed class ConstantTensor(Func<Backend, Tensor> make) : IDisposable
{
    private Tensor? tensor;

    /// <summary>
    /// Returns the constant on a backend. A copy on another one is left to the garbage collector, because a tape may still need
    /// it.
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
