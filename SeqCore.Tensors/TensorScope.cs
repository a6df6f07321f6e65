namespace SeqCore;

/// <summary>
/// Owns the tensors made on this thread while it is open, and gives their memory back to the pool when it is disposed. A tape
/// is one; in inference, a plain scope plays the part. What must outlive it is taken out with <see cref="Keep"/>.
/// </summary>
public sealed class TensorScope : IDisposable
{
    [ThreadStatic]
    private static TensorScope? current;

    private readonly TensorScope? outer;
    private readonly List<Tensor?> owned = [];
    private readonly string name;
    private bool closed;

    /// <summary>Opens a scope inside the thread's present one.</summary>
    /// <param name="name">What the error says that a tensor belonged to, when it is touched too late.</param>
    public TensorScope(string name = "scope")
    {
        this.name = name;
        outer = current;
        current = this;
    }

    /// <summary>The innermost open scope of this thread, or null.</summary>
    public static TensorScope? Current => current;

    internal string Name => name;

    /// <summary>Tensors owned, and gaps among them.</summary>
    internal int Places => owned.Count;

    /// <summary>
    /// Takes a tensor out of the scope: it lives until its own Dispose, or until the garbage collector finds it.
    /// </summary>
    public Tensor Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        tensor.LeaveScope();
        return tensor;
    }

    /// <summary>Takes a tensor out of this scope and gives it to the one around it, if there is one.</summary>
    public Tensor KeepInOuter(Tensor tensor)
    {
        Keep(tensor);
        outer?.Own(tensor);
        return tensor;
    }

    /// <summary>Closes the scope and every tensor that it owns.</summary>
    /// <exception cref="InvalidOperationException">A scope opened later on this thread is still open.</exception>
    public void Dispose()
    {
        if (closed)
            return;
        if (current != this)
        {
            throw new InvalidOperationException(
                $"The {name} was closed on another thread, or before one that was opened inside it.");
        }

        closed = true;
        current = outer;
        foreach (var tensor in owned)
            tensor?.CloseWith(this);
        owned.Clear();
    }

    internal void Own(Tensor tensor)
    {
        tensor.EnterScope(this, owned.Count);
        owned.Add(tensor);
    }

    internal void Release(int index)
    {
        // Gaps at the end close, so that the list does not grow by temporaries, in whatever order they go.
        owned[index] = null;
        while (owned.Count > 0 && owned[^1] is null)
            owned.RemoveAt(owned.Count - 1);
    }

    /// <summary>Suspends ownership: tensors made until the result is disposed belong to no scope.</summary>
    public static Suspension Suspend()
    {
        var suspension = new Suspension(current);
        current = null;
        return suspension;
    }

    /// <summary>Restores the scope that was current.</summary>
    public readonly struct Suspension : IDisposable
    {
        private readonly TensorScope? scope;

        internal Suspension(TensorScope? scope) => this.scope = scope;

        /// <summary>Makes the suspended scope current again.</summary>
        public void Dispose() => current = scope;
    }
}
