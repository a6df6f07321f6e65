using ILGPU.Runtime;

namespace SeqCore.Kernels;

/// <summary>
/// Frees what belongs to a device. After a kernel has failed, a driver answers every later call with that error, those that free
/// memory too. The first call that met it has thrown a <see cref="DeviceException"/> that names the operation; an exception out
/// of Dispose would replace that one wherever a <c>using</c> statement ends.
/// </summary>
internal static class DeviceCleanup
{
    /// <summary>Runs a step of disposing; an error of the device ends the step, and is not passed on.</summary>
    internal static void Run(Action step)
    {
        try
        {
            step();
        }
        catch (AcceleratorException)
        {
            // The driver frees the memory of a broken context when the process ends.
        }
    }
}
