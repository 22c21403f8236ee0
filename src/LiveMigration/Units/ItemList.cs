using System.Collections;
using System.Globalization;

namespace LiveMigration.Units;

/// <summary>
/// A list whose text is that of its items, for example <c>vda; vdb</c>. PowerShell's Export-Csv asks each value for its text, and that of an
/// array is the name of its type.
/// </summary>
/// <typeparam name="T">An item.</typeparam>
public sealed class ItemList<T> : IReadOnlyList<T>, IList
{
    private readonly IReadOnlyList<T> _items;

    private ItemList(IReadOnlyList<T> items) => _items = items;

    /// <summary>No items.</summary>
    internal static ItemList<T> Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _items.Count;

    /// <inheritdoc/>
    public T this[int index] => _items[index];

    /// <inheritdoc/>
    bool IList.IsFixedSize => true;

    /// <inheritdoc/>
    bool IList.IsReadOnly => true;

    /// <inheritdoc/>
    bool ICollection.IsSynchronized => false;

    /// <inheritdoc/>
    object ICollection.SyncRoot => _items;

    /// <inheritdoc/>
    object? IList.this[int index]
    {
        get => _items[index];
        set => throw new NotSupportedException();
    }

    internal static ItemList<T> Of(IReadOnlyList<T> items) => items as ItemList<T> ?? new(items);

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => _items.GetEnumerator();

    /// <summary>The same list is the same, however often it was given.</summary>
    public override bool Equals(object? obj) => obj is ItemList<T> other && ReferenceEquals(_items, other._items);

    /// <inheritdoc/>
    public override int GetHashCode() => _items.GetHashCode();

    /// <summary>The items, separated by semicolons.</summary>
    public override string ToString() =>
        string.Join("; ", _items.Select(item => item is IFormattable value ? value.ToString(null, CultureInfo.InvariantCulture) : item?.ToString()));

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();

    bool IList.Contains(object? value) => value is T item && _items.Contains(item);

    int IList.IndexOf(object? value) => value is T item ? _items.ToList().IndexOf(item) : -1;

    void ICollection.CopyTo(Array array, int index)
    {
        foreach (var item in _items)
            array.SetValue(item, index++);
    }

    int IList.Add(object? value) => throw new NotSupportedException();

    void IList.Clear() => throw new NotSupportedException();

    void IList.Insert(int index, object? value) => throw new NotSupportedException();

    void IList.Remove(object? value) => throw new NotSupportedException();

    void IList.RemoveAt(int index) => throw new NotSupportedException();
}
