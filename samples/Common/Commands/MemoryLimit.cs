using SeqCore.Kernels;

namespace SeqCore.Samples.Common;

/// <summary>Refuses sizes that the memory of the device cannot hold before they are tried.</summary>
public static class MemoryLimit
{
    /// <summary>Compares a lower bound of the memory that training needs with what the device has.</summary>
    /// <param name="elements">Numbers held at once.</param>
    /// <param name="largest">Numbers of the largest tensor.</param>
    /// <param name="remedy">Options to make smaller.</param>
    /// <exception cref="UserException">It needs more, or a tensor would have more than 2^31 - 1 elements.</exception>
    public static void Check(double elements, double largest, string remedy)
    {
        var available = Machine.AvailableMemory;
        var bytes = elements * sizeof(float);
        if (bytes > available || largest > int.MaxValue)
        {
            throw new UserException($"Training would take at least {Show.Count(Math.Ceiling(bytes / 1e9))} GB of memory in"
                + $" tensors of up to {Show.Count(largest)} elements;"
                + $" {(Backend.Default.Device.Kind == DeviceKind.Cpu ? "this machine" : Backend.Default.Device)} has"
                + $" {Show.Count(Math.Floor(available / 1e9))} GB"
                + $" and a tensor at most 2,147,483,647 elements. Make {remedy} smaller.", isUsage: true);
        }
    }
}
