using ILGPU.Runtime;

namespace SeqCore.Kernels;

/// <summary>
/// Frees the resources of a device. After a kernel has failed, a driver returns that error from every later call, including those
/// that free memory. The first call that received it has thrown a <see cref="DeviceException"/> that names the operation; an
/// exception from Dispose would replace that one at the end of a <c>using</c> statement.
/// </summary>
internal static class DeviceCleanup
{
    /// <summary>Runs a step of the disposal; an error of the device ends the step and is ignored.</summary>
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
