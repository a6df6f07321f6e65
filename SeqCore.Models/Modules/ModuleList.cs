using System.Collections;
using System.Globalization;

namespace SeqCore.Models;

/// <summary>
/// A list of modules of one kind, named 0, 1, 2 and so on, as in PyTorch's ModuleList; its owner defines what they compute.
/// </summary>
/// <typeparam name="T">The type of the modules.</typeparam>
public sealed class ModuleList<T> : Module, IReadOnlyList<T> where T : Module
{
    private readonly T[] modules;

    /// <summary>Makes a list of modules.</summary>
    public ModuleList(IEnumerable<T> modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        this.modules = [.. modules];
        for (var i = 0; i < this.modules.Length; i++)
            Register(i.ToString(CultureInfo.InvariantCulture), this.modules[i]);
    }

    /// <inheritdoc/>
    public override string Kind => nameof(ModuleList<>);

    /// <inheritdoc/>
    public int Count => modules.Length;

    /// <inheritdoc/>
    public T this[int index] => modules[index];

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)modules).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
